/// A place for people: both numbers start at 1; the column counts characters (Unicode scalar values).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// Where the lines of one text start. A line ends after LF; a CR before it belongs to the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Reads the text once.
    pub fn new(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0)
            .chain(ends.map(|(at, _)| at as u32 + 1))
            .collect();
        Self { starts }
    }

    /// Number of lines; a text that ends with a line break has an empty last line.
    pub fn line_count(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The line of a byte offset, from 1.
    pub fn line(&self, offset: u32) -> u32 {
        self.starts.partition_point(|start| *start <= offset) as u32
    }

    /// Line and column of a byte offset in `text`, which must be the text this index was made from.
    pub fn line_column(&self, text: &str, offset: u32) -> LineColumn {
        let line = self.line(offset);
        let column = self.before(text, offset).chars().count() as u32 + 1;
        LineColumn { line, column }
    }

    /// Line from 0 and column in UTF-16 code units from 0: the position of the Language Server Protocol.
    pub fn utf16_position(&self, text: &str, offset: u32) -> (u32, u32) {
        let units = self
            .before(text, offset)
            .chars()
            .map(char::len_utf16)
            .sum::<usize>();
        (self.line(offset) - 1, units as u32)
    }

    /// The offset of a position of the Language Server Protocol, clamped to its line and to the text.
    pub fn offset_of_utf16(&self, text: &str, line: u32, character: u32) -> u32 {
        let Some(start) = self.starts.get(line as usize).copied() else {
            return text.len() as u32;
        };
        let mut units = 0;
        let mut offset = start;
        for c in text.get(start as usize..).unwrap_or("").chars() {
            if c == '\n' || units >= character {
                break;
            }
            units += c.len_utf16() as u32;
            offset += c.len_utf8() as u32;
        }
        offset
    }

    fn before<'t>(&self, text: &'t str, offset: u32) -> &'t str {
        let start = self
            .starts
            .get(self.line(offset) as usize - 1)
            .copied()
            .unwrap_or(0) as usize;
        let mut end = (offset as usize).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.get(start..end).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_utf16_units() {
        let text = "a\näö𝄞x\r\n\nend";
        let index = LineIndex::new(text);
        assert_eq!(index.line_count(), 4);
        let x = text.find('x').map(|at| at as u32).unwrap_or_default();
        assert_eq!(
            index.line_column(text, x),
            LineColumn { line: 2, column: 4 }
        );
        assert_eq!(index.utf16_position(text, x), (1, 4));
        assert_eq!(index.offset_of_utf16(text, 1, 4), x);
        assert_eq!(index.offset_of_utf16(text, 9, 0), text.len() as u32);
        assert_eq!(index.line_column(text, 999).line, 4);
    }

    #[test]
    fn an_offset_inside_a_character_counts_from_its_start() {
        let index = LineIndex::new("äb");
        assert_eq!(index.line_column("äb", 1).column, 1);
    }
}
