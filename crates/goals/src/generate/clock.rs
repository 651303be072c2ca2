//! Points in time and the formats in which the application wrote them.

/// Microseconds since 1970.
pub type Micros = i64;

/// The last moment of the generated history: 2026-01-01.
pub const END: Micros = 1_767_225_600 * SECOND;
pub const SECOND: Micros = 1_000_000;
pub const DAY: Micros = 86_400 * SECOND;

/// How a column, or one writer of it, spells a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `2025-12-28 17:03:11.123456`, written by the application.
    Blank,
    /// `2025-12-28 17:03:11`, written by CURRENT_TIMESTAMP.
    Seconds,
    /// `2025-12-28T17:03:11.123456`, from Python's isoformat.
    T,
    /// `2025-12-28T17:03:11.123Z`, from a browser.
    Browser,
    /// `2025-12-28`
    Date,
}

/// The text of a time.
pub fn text(at: Micros, format: Format) -> String {
    let (year, month, day) = civil(at.div_euclid(DAY));
    let of_day = at.rem_euclid(DAY);
    let mut text = String::with_capacity(26);
    digits(&mut text, year, 4);
    text.push('-');
    digits(&mut text, month, 2);
    text.push('-');
    digits(&mut text, day, 2);
    if format == Format::Date {
        return text;
    }
    text.push(if matches!(format, Format::T | Format::Browser) { 'T' } else { ' ' });
    let seconds = of_day / SECOND;
    digits(&mut text, seconds / 3600, 2);
    text.push(':');
    digits(&mut text, seconds / 60 % 60, 2);
    text.push(':');
    digits(&mut text, seconds % 60, 2);
    if format != Format::Seconds {
        text.push('.');
    }
    match format {
        Format::Blank | Format::T => digits(&mut text, of_day % SECOND, 6),
        Format::Browser => {
            digits(&mut text, of_day % SECOND / 1000, 3);
            text.push('Z');
        }
        Format::Seconds | Format::Date => {}
    }
    text
}

fn digits(to: &mut String, number: i64, width: u32) {
    for place in (0..width).rev() {
        to.push(char::from(b'0' + (number / 10_i64.pow(place) % 10) as u8));
    }
}

/// Year, month and day of a day counted from 1970, by 400-year eras that begin on the first of March.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + shifted.div_euclid(146_097) * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_spelled_in_each_format_of_the_real_files() {
        let at = END - DAY - 1;
        assert_eq!(
            [Format::Blank, Format::Seconds, Format::T, Format::Browser, Format::Date].map(|f| text(at, f)),
            [
                "2025-12-30 23:59:59.999999",
                "2025-12-30 23:59:59",
                "2025-12-30T23:59:59.999999",
                "2025-12-30T23:59:59.999Z",
                "2025-12-30"
            ]
        );
    }

    #[test]
    fn every_day_of_four_centuries_is_the_one_that_the_calendar_says() {
        let mut date = jiff::civil::date(1970, 1, 1);
        for day in 0..146_097 {
            let (y, m, d) = civil(day);
            assert_eq!((y, m, d), (date.year().into(), date.month().into(), date.day().into()));
            date = date.tomorrow().unwrap();
        }
    }
}
