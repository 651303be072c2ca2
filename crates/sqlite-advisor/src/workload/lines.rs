//! A file of queries as lines of text, whatever it is packed in: gzip, zstd, UTF-8 or UTF-16, told by its first bytes.

use crate::error::{Error, Result};
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;

/// Bytes by which a format is recognised.
const HEAD: u64 = 64 * 1024;
/// The most bytes of a line; a longer one is left out.
const LONGEST: usize = 10_000_000;

/// The lines of a file, read one after another.
pub struct Lines {
    file: Arc<str>,
    input: Box<dyn BufRead>,
    head: String,
    /// The line that was read last.
    bytes: Vec<u8>,
    number: usize,
    ended: bool,
    /// Lines that could not be read: how many, and the first with the reason.
    pub unread: Unread,
    /// A line that is not UTF-8 ends the reading instead of being left out.
    pub strict: bool,
}

/// Lines that could not be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unread {
    /// How many.
    pub lines: u64,
    /// The first of them, and what is wrong with it.
    pub first: Option<(usize, String)>,
}

impl Unread {
    /// Counts a line.
    pub fn add(&mut self, line: usize, why: &str) {
        self.lines += 1;
        self.first.get_or_insert_with(|| (line, why.to_owned()));
    }
}

/// A line without its end, and its number from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'l> {
    /// Its number.
    pub number: usize,
    /// Its text.
    pub text: &'l str,
}

impl Lines {
    /// Opens a file; `-` is standard input.
    ///
    /// # Errors
    /// [`Error::File`] if it cannot be read, [`Error::Invalid`] if it is UTF-16 with a broken character.
    pub fn open(path: &Path) -> Result<Self> {
        let name = path.display().to_string();
        if path.as_os_str() == "-" {
            return Self::new(name, Box::new(BufReader::new(std::io::stdin())), path);
        }
        let file = File::open(path).map_err(Error::file("cannot read the workload", path))?;
        Self::new(name, Box::new(BufReader::with_capacity(1 << 20, file)), path)
    }

    /// The lines of a text.
    pub fn of_text(file: &str, text: &str) -> Result<Self> {
        Self::new(file.to_owned(), Box::new(Cursor::new(text.as_bytes().to_vec())), Path::new(file))
    }

    fn new(file: String, mut input: Box<dyn BufRead>, path: &Path) -> Result<Self> {
        let failed = || Error::file("cannot read the workload", path);
        let mut start = input.fill_buf().map_err(failed())?.to_vec();
        if start.starts_with(&[0x1f, 0x8b]) {
            input = Box::new(BufReader::new(flate2::bufread::MultiGzDecoder::new(input)));
        } else if start.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
            let zstd = ruzstd::decoding::StreamingDecoder::new(input)
                .map_err(|e| Error::Invalid(format!("{file}: is not sound zstd: {e}")))?;
            input = Box::new(BufReader::new(zstd));
        }
        start.clear();
        (&mut input).take(HEAD).read_to_end(&mut start).map_err(failed())?;
        if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] = start.as_slice() {
            input.read_to_end(&mut start).map_err(failed())?;
            start = from_utf_16(&file, &start)?.into_bytes();
        }
        let without_mark = start.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(&start).to_vec();
        let head = String::from_utf8_lossy(&without_mark).into_owned();
        let input = Box::new(Cursor::new(without_mark).chain(input));
        Ok(Self {
            file: file.into(),
            input,
            head,
            bytes: vec![],
            number: 0,
            ended: false,
            unread: Unread::default(),
            strict: false,
        })
    }

    /// The file's name.
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// The beginning of the text.
    pub fn head(&self) -> &str {
        &self.head
    }

    /// The next line that can be read.
    ///
    /// # Errors
    /// [`Error::File`] if the file ends in the middle of its packing, [`Error::Invalid`] for a line that is not UTF-8 where
    /// that is not to be left out.
    pub fn next_line(&mut self) -> Result<Option<Line<'_>>> {
        while self.next_bytes()? {
            // To look twice takes less than to copy each line.
            match str::from_utf8(&self.bytes) {
                Ok(_) => break,
                Err(_) if self.strict => return Err(Error::not_utf_8(&self.file, self.number)),
                Err(_) => self.unread.add(self.number, "the line is not UTF-8"),
            }
        }
        let text = str::from_utf8(&self.bytes).ok().filter(|_| !self.ended);
        Ok(text.map(|text| Line { number: self.number, text }))
    }

    /// Reads the next line that is not too long; false at the end.
    fn next_bytes(&mut self) -> Result<bool> {
        while !self.ended {
            self.number += 1;
            self.bytes.clear();
            let limit = LONGEST as u64 + 1;
            match (&mut self.input).take(limit).read_until(b'\n', &mut self.bytes) {
                Ok(0) => self.ended = true,
                Ok(_) if self.bytes.len() > LONGEST => {
                    self.unread.add(self.number, "the line is longer than 10 MB");
                    self.skip_line().map_err(|error| self.failed(error))?;
                }
                Ok(_) => {
                    let line = self.bytes.strip_suffix(b"\n").unwrap_or(&self.bytes);
                    let end = line.strip_suffix(b"\r").unwrap_or(line).len();
                    self.bytes.truncate(end);
                    return Ok(true);
                }
                // What was read so far counts: a log may be packed while it is written.
                Err(error) if self.number > 1 && !self.strict => {
                    self.unread.add(self.number, &format!("the file breaks off here: {error}"));
                    self.ended = true;
                }
                Err(error) => return Err(self.failed(error)),
            }
        }
        Ok(false)
    }

    fn failed(&self, error: std::io::Error) -> Error {
        Error::file("cannot read the workload", Path::new(&*self.file))(error)
    }

    fn skip_line(&mut self) -> std::io::Result<()> {
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                return Ok(());
            }
            let end = buffer.iter().position(|b| *b == b'\n').map(|at| at + 1);
            let taken = end.unwrap_or(buffer.len());
            self.input.consume(taken);
            if end.is_some() {
                return Ok(());
            }
        }
    }
}

fn from_utf_16(file: &str, bytes: &[u8]) -> Result<String> {
    let little = bytes.first() == Some(&0xff);
    let units = bytes.chunks_exact(2).skip(1).filter_map(|pair| <[u8; 2]>::try_from(pair).ok());
    let units = units.map(|pair| if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) });
    let (mut text, mut line) = (String::new(), 1);
    for c in char::decode_utf16(units) {
        let c = c.map_err(|_| Error::Invalid(format!("{file}:{line}: is not sound UTF-16")))?;
        line += usize::from(c == '\n');
        text.push(c);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn read(bytes: &[u8], strict: bool) -> Result<(Vec<String>, Unread)> {
        let mut lines = Lines::new("f".to_owned(), Box::new(Cursor::new(bytes.to_vec())), Path::new("f"))?;
        lines.strict = strict;
        let mut all = vec![];
        while let Some(line) = lines.next_line()? {
            all.push(format!("{} {}", line.number, line.text));
        }
        Ok((all, lines.unread))
    }

    #[test]
    fn a_text_is_read_whatever_it_is_packed_in() -> Result<()> {
        let text = "SELECT 'ü';\r\nSELECT 2;";
        let expected = ["1 SELECT 'ü';", "2 SELECT 2;"];
        let mut gzip = flate2::write::GzEncoder::new(vec![], flate2::Compression::fast());
        gzip.write_all(text.as_bytes()).and_then(|()| gzip.try_finish()).unwrap();
        let zstd =
            ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
        let little: Vec<u8> =
            "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> =
            "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        for packed in [
            text.as_bytes().to_vec(),
            format!("\u{feff}{text}").into_bytes(),
            gzip.get_ref().clone(),
            zstd,
            little,
            big,
        ] {
            assert_eq!(read(&packed, true)?.0, expected);
        }
        Ok(())
    }

    #[test]
    fn broken_utf_8_is_refused_with_its_line_or_counted_and_never_replaced() -> Result<()> {
        let bytes = b"SELECT 1;\nSELECT '\xff';\nSELECT 3;\n";
        assert!(read(bytes, true).unwrap_err().to_string().starts_with("f:2: is not UTF-8"));
        let (lines, unread) = read(bytes, false)?;
        assert_eq!(lines, ["1 SELECT 1;", "3 SELECT 3;"]);
        assert_eq!((unread.lines, unread.first.unwrap().0), (1, 2));
        Ok(())
    }

    #[test]
    fn a_line_of_more_than_ten_megabytes_is_left_out_and_counted() -> Result<()> {
        let (lines, unread) = read(format!("a\n{}\nb", "x".repeat(LONGEST + 5)).as_bytes(), true)?;
        assert_eq!((lines.join(","), unread.lines), ("1 a,3 b".to_owned(), 1));
        Ok(())
    }
}
