//! Family names, each list in order of popularity.

/// Names of England, Scotland and of families long settled.
pub(super) const BRITISH: &str = "
    Smith, Jones, Williams, Brown, Taylor, Davies, Wilson, Evans, Thomas, Johnson, Roberts,
    Walker, Wright, Robinson, Thompson, White, Hughes, Edwards, Green, Lewis, Wood, Harris,
    Martin, Jackson, Clarke, Hall, Clark, Turner, Hill, Cooper, Morris, Ward, Moore, Morgan,
    King, Watson, Baker, Harrison, Allen, Young, Scott, Mitchell, James, Phillips, Lee, Parker,
    Anderson, Bennett, Cook, Shaw, Griffiths, Price, Davis, Bell, Carter, Collins, Richardson,
    Miller, Cox, Campbell, Marshall, Simpson, Murphy, Gray, Kelly, Stewart, Adams, Wilkinson,
    Rogers, Webb, Murray, Graham, Ellis, Mills, Robertson, Hunt, Kennedy, Reid, Hamilton,
    Barnes, Palmer, Chapman, Knight, Owen, Matthews, Rose, Stevens, Butler, Mason, Fisher,
    Russell, Jenkins, Holmes, Powell, Barker, Foster, Reynolds, Lloyd, Ford, Gibson, Henderson,
    Harvey, Fletcher, Dixon, Pearson, Elliott, Bailey, Walsh, Gordon, Hudson, Cole, Saunders,
    West, Hart, Day, Burton, Spencer, Wells, Grant, Andrews, Stone, Dean, Sutton, Bradley,
    Lawrence, Burns, Ross, Payne, Hawkins, Fox, Carr, Booth, Barrett, Jordan, Webster, Perry,
    Parry, Bird, Gardner, Newman, Black, Ball, Watts, Armstrong, Francis, Byrne, Lane,
    Cunningham, Gilbert, McDonald, Freeman, Hayes, Long, Warren, Nicholson, Rees, Bowen, Pugh,
    Poole, Nash, Whitehead, Bishop, Potter, Frost, Kirk, Barton, Bates, Hewitt, Lowe, Goodwin,
    Barber, Marsh, Sharp, Austin, Flynn, Doyle, Bryant, Davidson, Macdonald, MacLeod, Fraser,
    Sinclair, Munro, Buchanan, Drummond, Ferguson, McKenzie, Nelson, Page, Woods, Stephenson,
    Coleman, Atkinson, Dawson, Gill, Howard, Rowe, Wheeler, Peters, Cross, Norris, Bond, Lucas,
    Kemp, Norman, Weston, Osborne, Gibbs, Parsons, Thornton, Yates, Dunn, Blake, Pritchard,
    Vaughan, Howells, Bevan, Beynon, Llewellyn, Gethin, Prosser, Tudor, Hopkins, Hardy, Skinner,
    Whittaker, Ashworth, Greenwood, Sutcliffe, Ramsden, Hargreaves, Entwistle, Braithwaite,
    Featherstone, Appleyard, Thwaite, Robson, Charlton, Milburn, Hedley, Tregenza, Trelawny,
    Penrose, Pascoe, Trevithick, Nancarrow, Winterbottom, Sidebottom, Longbottom, Fairclough,
    Rowbotham, Hepworth, Lockwood, Oldroyd, Crabtree, Ackroyd, Sugden, Murgatroyd, Dyson,
    Kitson, Copley, Fawcett, Metcalfe, Alderson, Peacock, Raine, Coates, Lumley, Fenwick,
    Ridley, Swinburne, Forster, Loveday, Godfrey, Merryweather, Fairweather, Goodfellow,
    Makepeace, Drinkwater, Heathcote, Shakespeare, Marlowe, Fell";

/// Names of Ireland.
pub(super) const IRISH: &str = "
    Murphy, Kelly, O'Brien, O'Connor, Byrne, Ryan, O'Sullivan, Walsh, Doyle, McCarthy, O'Neill,
    Gallagher, Doherty, Kennedy, Lynch, Murray, Quinn, Moore, McLoughlin, O'Carroll, Connolly,
    Daly, O'Connell, Wilson, Dunne, Brennan, Burke, Collins, Campbell, Clarke, Hughes, Farrell,
    Fitzgerald, Brown, Maguire, Nolan, Flynn, O'Callaghan, O'Donnell, Duffy, O'Mahony, O'Reilly,
    Boyle, Healy, O'Shea, Ó Briain, Ní Dhónaill";

/// Names of Poland and its neighbours.
pub(super) const POLISH: &str = "
    Nowak, Kowalski, Wiśniewski, Wójcik, Kowalczyk, Kamiński, Lewandowski, Zieliński, Szymański,
    Woźniak, Dąbrowski, Kozłowski, Jankowski, Mazur, Kwiatkowski, Krawczyk, Kaczmarek,
    Piotrowski, Grabowski, Zając, Pawłowski, Michalski, Król, Wieczorek, Jabłoński, Popescu,
    Ionescu, Horváth, Novák, Kazlauskas";

/// Names of Pakistan, Bangladesh and Muslim India.
pub(super) const MUSLIM: &str = "
    Khan, Ahmed, Hussain, Ali, Begum, Akhtar, Mohammed, Iqbal, Malik, Mahmood, Shah, Hassan,
    Rahman, Miah, Uddin, Choudhury, Chowdhury, Bibi, Aziz, Mirza, Qureshi, Siddiqui, Butt,
    Sheikh, Javed, Rashid, Saleem, Raza, Haque, Islam, Abbasi, Farooq, Nawaz, Anwar";

/// Names of Hindu and Sikh families.
pub(super) const INDIAN: &str = "
    Patel, Singh, Kaur, Shah, Sharma, Gill, Mistry, Kumar, Desai, Sandhu, Parmar, Chauhan,
    Dhillon, Joshi, Mehta, Gupta, Rai, Sidhu, Solanki, Bains, Grewal, Nair, Iyer, Reddy,
    Thakrar, Bhatt, Amin, Lad, Verma, Chandran, Kandasamy, Perera, Fernando";

/// Names of West and East Africa.
pub(super) const AFRICAN: &str = "
    Mensah, Okafor, Adeyemi, Owusu, Boateng, Okeke, Osei, Abdi, Nwosu, Adebayo, Asante, Balogun,
    Eze, Diallo, Mohamed, Hassan, Ogunleye, Achieng, Kamau, Moyo, Ncube, Dube, Ndlovu, Banda,
    Phiri, Mwangi, Otieno, Tesfaye, Bekele, Oyelaran, Adjei, Appiah, Chukwu, N'Diaye";

/// Names of China and Vietnam.
pub(super) const CHINESE: &str = "
    Chen, Wong, Li, Zhang, Wang, Chan, Liu, Lam, Cheung, Lin, Yang, Nguyen, Tran, Ho, Leung,
    Huang, Wu, Ng, Tang, Xu, Zhao, Lau, Yip, Pham";

/// Names of other European and Caribbean families.
pub(super) const OTHER: &str = "
    Garcia, Silva, Rossi, Ferreira, Müller, Fernández, Schmidt, Dubois, Lefèvre, Costa, Santos,
    Romano, Yılmaz, Demir, Georgiou, Papadopoulos, Andersson, Jørgensen, Grant, Campbell,
    Clarke, Joseph, Baptiste, Pierre, Sinclair, Edwards, Bernard, D'Souza, de Souza,
    van den Berg, St. John, Brontë, Françoise";
