use proptest::prelude::*;

use super::*;

#[test]
fn what_clinical_systems_write_is_read() {
    let text = "Filename=\"a b.tiff\" ContentType=image/tiff Compressed=Yes LargeAttachment=No \
                OriginalBase64=Yes Length=4718592 DomainData=\"X-GP2GP-Skeleton: Yes\"";
    let read = Attachment::read(text).unwrap();
    assert_eq!(read.filename, "a b.tiff");
    assert_eq!(read.content_type, "image/tiff");
    assert!(read.compressed && !read.large && read.original_base64);
    assert_eq!(read.length, Some(4_718_592));
    assert_eq!(read.domain_data.as_deref(), Some("X-GP2GP-Skeleton: Yes"));
    assert_eq!(read.to_string(), text);
}

#[test]
fn lines_and_odd_spaces_do_not_matter() {
    let text = "\n  Filename=\"one.txt\"\n\tContentType=text/plain\n Compressed=no\n";
    let read = Attachment::read(text).unwrap();
    assert_eq!((read.filename.as_str(), read.content_type.as_str()), ("one.txt", "text/plain"));
}

#[test]
fn a_description_for_people_is_none_for_programs() {
    for text in ["", "Some description", "31B75ED0_patient-attachment.txt.txt", "a=b"] {
        assert_eq!(Attachment::read(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        filename in "[ -!#-~]{0,30}",
        content_type in "[a-z]{1,9}/[a-z+.]{1,9}",
        flags in any::<[bool; 3]>(),
        length in any::<Option<u64>>(),
        domain_data in proptest::option::of("[ -!#-~]{0,30}"),
    ) {
        let [compressed, large, original_base64] = flags;
        let written = Attachment {
            filename,
            content_type,
            compressed,
            large,
            original_base64,
            length,
            domain_data,
        };
        prop_assert_eq!(Attachment::read(&written.to_string()), Some(written));
    }

    #[test]
    fn any_text_is_read_without_falling_over(text in "\\PC{0,60}") {
        let _ = Attachment::read(&text);
    }
}
