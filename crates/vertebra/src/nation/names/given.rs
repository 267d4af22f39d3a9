//! Given names, each list in order of popularity; the British ones by when they were popular.

/// Girls' names by time of birth: up to the 1920s, then two decades at a time.
pub(super) const GIRLS: [&str; 6] = [
    "Mary, Margaret, Doris, Dorothy, Kathleen, Florence, Elsie, Edith, Elizabeth, Winifred,
     Gladys, Annie, Alice, Phyllis, Hilda, Lilian, Ivy, Violet, Marjorie, Ethel, Vera, Nellie,
     Mabel, Eileen, Gwendoline, Myfanwy, Agnes, Ada, Olive, Nora",
    "Margaret, Jean, Mary, Joan, Patricia, Sheila, Barbara, Doreen, June, Shirley, Dorothy,
     Joyce, Maureen, Elizabeth, Audrey, Brenda, Kathleen, Sylvia, Eileen, Pamela, Betty, Beryl,
     Ann, Irene, Marion, Rita, Hazel, Norma, Mair, Brigid",
    "Susan, Margaret, Christine, Patricia, Linda, Ann, Carol, Jean, Maureen, Barbara,
     Jacqueline, Janet, Pauline, Sandra, Elizabeth, Gillian, Julie, Mary, Kathleen, Lesley,
     Valerie, Sheila, Jennifer, Judith, Hilary, Marilyn, Rosemary, Siân, Heather, Denise",
    "Sarah, Nicola, Karen, Joanne, Susan, Alison, Tracey, Helen, Jane, Lisa, Sharon, Deborah,
     Samantha, Claire, Amanda, Michelle, Angela, Louise, Jacqueline, Rachel, Emma, Donna,
     Catherine, Lorraine, Julie-Anne, Heidi, Zoë, Mandy, Rhian, Fiona",
    "Laura, Gemma, Emma, Rebecca, Claire, Victoria, Samantha, Rachel, Amy, Jennifer, Nicola,
     Katie, Lisa, Kelly, Natalie, Louise, Michelle, Hayley, Hannah, Helen, Charlotte, Jessica,
     Lauren, Chloe, Sophie, Stacey, Danielle, Kirsty, Siobhán, Renée",
    "Olivia, Amelia, Emily, Sophie, Chloe, Jessica, Ella, Grace, Lily, Isla, Ava, Mia, Ruby,
     Charlotte, Lucy, Freya, Evie, Poppy, Isabella, Daisy, Holly, Megan, Millie, Erin, Florence,
     Ivy, Alice, Zoë, Seren, Aoife, Chloë, Niamh, Elsie-Mae, Lily Mae, Anaïs",
];

/// Boys' names, as [`GIRLS`].
pub(super) const BOYS: [&str; 6] = [
    "John, William, George, James, Thomas, Arthur, Frederick, Albert, Charles, Ernest, Robert,
     Joseph, Alfred, Henry, Leonard, Harold, Walter, Harry, Reginald, Edward, Herbert, Stanley,
     Francis, Sidney, Percy, Cyril, Wilfred, Norman, Idris, Hector",
    "John, Peter, William, Brian, James, David, Ronald, Kenneth, George, Derek, Robert, Roy,
     Dennis, Michael, Raymond, Thomas, Anthony, Alan, Donald, Gordon, Terence, Douglas,
     Geoffrey, Eric, Leslie, Stanley, Norman, Keith, Emlyn, Hamish",
    "David, John, Peter, Michael, Alan, Robert, Stephen, Paul, Brian, Graham, Philip, Anthony,
     Colin, Christopher, Geoffrey, William, James, Keith, Terence, Barry, Malcolm, Richard, Ian,
     Derek, Roger, Raymond, Kenneth, Andrew, Gareth, Seán",
    "Paul, David, Andrew, Stephen, Mark, Michael, Ian, Gary, Robert, Richard, Peter, John,
     Anthony, Christopher, Darren, Kevin, Martin, Simon, Philip, Graham, Colin, Adrian, Nigel,
     Neil, Jason, Lee, Stuart, Matthew, Carl, Rhys",
    "Christopher, James, David, Daniel, Michael, Matthew, Andrew, Richard, Paul, Mark, Thomas,
     Adam, Robert, John, Lee, Benjamin, Steven, Jonathan, Craig, Stephen, Simon, Nicholas,
     Peter, Anthony, Ryan, Joshua, Gareth, Callum, Ciarán, André",
    "Oliver, Jack, Harry, Thomas, George, Joshua, Noah, Charlie, William, Alfie, Jacob, James,
     Daniel, Leo, Oscar, Samuel, Joseph, Archie, Ethan, Henry, Max, Lucas, Freddie, Isaac,
     Arthur, Theo, Dylan, Finlay, Osian, Tomos, Oisín, Seán, Zachary, Alfie-Jay, John Paul",
];

/// Women's names of [`super::family::IRISH`] families.
pub(super) const IRISH_GIRLS: &str = "
    Mary, Siobhán, Aoife, Niamh, Bridget, Máire, Sinéad, Orla, Róisín, Gráinne, Ciara, Kathleen,
    Nuala, Deirdre, Eimear, Bernadette, Caoimhe, Clodagh";
/// Men's names of [`super::family::IRISH`] families.
pub(super) const IRISH_BOYS: &str = "
    Patrick, Seán, Michael, Conor, Liam, Brendan, Declan, Eoin, Niall, Ciarán, Pádraig, Kieran,
    Cormac, Dermot, Oisín, Fionn, Gerard, Donal";
/// Women's names of [`super::family::POLISH`] families.
pub(super) const POLISH_GIRLS: &str = "
    Anna, Katarzyna, Agnieszka, Małgorzata, Magdalena, Zofia, Julia, Maja, Monika, Joanna, Ewa,
    Żaneta, Hanna, Aleksandra, Elena, Ioana, Kristína, Rūta";
/// Men's names of [`super::family::POLISH`] families.
pub(super) const POLISH_BOYS: &str = "
    Piotr, Krzysztof, Tomasz, Paweł, Michał, Marcin, Łukasz, Jakub, Jan, Adam, Mateusz, Andrzej,
    Filip, Szymon, Stanisław, Andrei, Mihai, Jonas";
/// Women's names of [`super::family::MUSLIM`] families.
pub(super) const MUSLIM_GIRLS: &str = "
    Fatima, Aisha, Maryam, Zainab, Nasreen, Shazia, Amina, Khadija, Sadia, Rukhsana, Noor,
    Hafsa, Samina, Yasmin, Inaya, Shabana, Nusrat, Ayesha";
/// Men's names of [`super::family::MUSLIM`] families.
pub(super) const MUSLIM_BOYS: &str = "
    Muhammad, Mohammed, Ahmed, Ali, Imran, Yusuf, Ibrahim, Hamza, Abdul, Omar, Bilal, Tariq,
    Usman, Zain, Khalid, Mohammad, Faisal, Abdur Rahman";
/// Women's names of [`super::family::INDIAN`] families.
pub(super) const INDIAN_GIRLS: &str = "
    Priya, Manjit, Anjali, Sunita, Harpreet, Meera, Simran, Kavita, Jaspreet, Anita, Nisha,
    Diya, Gurpreet, Asha, Pooja, Rani, Lakshmi, Saanvi";
/// Men's names of [`super::family::INDIAN`] families.
pub(super) const INDIAN_BOYS: &str = "
    Rajesh, Amit, Gurpreet, Sanjay, Arjun, Ravi, Harjit, Vijay, Rohan, Jaswinder, Dev, Aarav,
    Kiran, Suresh, Balwinder, Nikhil, Anil, Vivaan";
/// Women's names of [`super::family::AFRICAN`] families.
pub(super) const AFRICAN_GIRLS: &str = "
    Grace, Blessing, Abena, Ama, Chidinma, Folake, Amina, Faith, Ngozi, Esther, Hodan, Mercy,
    Akosua, Ruth, Thandiwe, Comfort, Adaeze, Wanjiru";
/// Men's names of [`super::family::AFRICAN`] families.
pub(super) const AFRICAN_BOYS: &str = "
    Emmanuel, Kwame, Chinedu, Samuel, Kofi, Tunde, David, Abdi, Daniel, Emeka, Joseph, Kwabena,
    Tendai, Isaac, Yaw, Olumide, Farai, Dawit";
/// Women's names of [`super::family::CHINESE`] families.
pub(super) const CHINESE_GIRLS: &str = "
    Mei, Li Na, Xiu Ying, Fang, Amy, Yan, Jing, Wai Ling, Emily, Hui, Lan, Linh, Grace,
    Siu Fong, Xin Yi, Chloe";
/// Men's names of [`super::family::CHINESE`] families.
pub(super) const CHINESE_BOYS: &str = "
    Wei, Jun, Ming, Ka Ho, Jason, Hao, Tao, Chi Ming, Kevin, Lei, Minh, Yong, Daniel, Kin Wah,
    Jia Hao, Eric";
/// Women's names of [`super::family::OTHER`] families.
pub(super) const OTHER_GIRLS: &str = "
    Maria, Sofia, Giulia, Elena, Renée, Chloé, Beyza, Despina, Freja, Marcia, Shanice, Inês,
    Andrée, Beatriz, Ana, Hélène, Claudette, Zoë";
/// Men's names of [`super::family::OTHER`] families.
pub(super) const OTHER_BOYS: &str = "
    José, João, Marco, Luca, Mehmet, André, François, Jürgen, Andreas, Delroy, Winston, Marcus,
    Søren, Stefan, Emre, Carlos, Leroy, Émile";
