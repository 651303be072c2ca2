//! Numbers as people read them: bytes, counts, durations and ratios, each with its unit.

/// Bytes with a binary unit and three significant digits: `512 B`, `1.50 KiB`, `117 MiB`.
pub fn bytes(n: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let (mut value, mut unit) = (n as f64, 0);
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    let unit_name = UNITS.get(unit).unwrap_or(&"TiB");
    if unit == 0 { format!("{n} B") } else { format!("{} {unit_name}", significant(value)) }
}

/// A count with thousands separated by commas: `1,234,567`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// Nanoseconds with the unit that fits: `850 ns`, `12.3 µs`, `4.56 ms`, `1.20 s`, `3 min 20 s`.
pub fn duration(ns: u64) -> String {
    let n = ns as f64;
    match ns {
        0..1_000 => format!("{ns} ns"),
        1_000..1_000_000 => format!("{} µs", significant(n / 1e3)),
        1_000_000..1_000_000_000 => format!("{} ms", significant(n / 1e6)),
        1_000_000_000..100_000_000_000 => format!("{} s", significant(n / 1e9)),
        _ => format!("{} min {} s", ns / 60_000_000_000, ns / 1_000_000_000 % 60),
    }
}

/// How many times `before` is `after`: `12.3x`, `0.85x`.
pub fn ratio(r: f64) -> String {
    if r.is_finite() { format!("{}x", significant(r)) } else { "-".to_owned() }
}

/// Three significant digits without an exponent: `1.23`, `12.3`, `123`, `1,230`.
pub fn significant(v: f64) -> String {
    match v.abs() {
        a if a < 9.995 => format!("{v:.2}"),
        a if a < 99.95 => format!("{v:.1}"),
        _ => count(v.abs().round() as u64),
    }
}

/// The geometric mean of positive numbers; 1 for none.
pub fn geometric_mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (sum, n) = values.into_iter().fold((0.0, 0u32), |(s, n), v| (s + v.max(1e-12).ln(), n + 1));
    if n == 0 { 1.0 } else { (sum / f64::from(n)).exp() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!([0, 512, 1536, 122_683_392].map(bytes), ["0 B", "512 B", "1.50 KiB", "117 MiB"]);
        assert_eq!([7, 1_000, 1_234_567].map(count), ["7", "1,000", "1,234,567"]);
        assert_eq!(
            [850, 12_345, 1_200_000_000, 200_000_000_000].map(duration),
            ["850 ns", "12.3 µs", "1.20 s", "3 min 20 s"]
        );
        assert_eq!([0.85, 12.34, 1234.0].map(ratio), ["0.85x", "12.3x", "1,234x"]);
    }

    #[test]
    fn the_geometric_mean_of_a_half_and_a_double_is_one() {
        assert!((geometric_mean([0.5, 2.0]) - 1.0).abs() < 1e-12);
        assert_eq!(geometric_mean([]), 1.0);
    }
}
