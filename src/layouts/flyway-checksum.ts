/** CRC-32 (IEEE), as java.util.zip.CRC32 computes it. */
const polynomial = 0xedb88320;

/**
 * The checksum Flyway records of a SQL file, as its history table shows it: a CRC-32 over the UTF-8 of the lines without
 * their ends, as a signed number of 32 bits (ChecksumCalculator in flyway-core). LF, CRLF and CR give the same, and a
 * byte order mark does not count.
 */
export function flywayChecksum(text: string): string {
  const table = crcTable();
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text.replace(/^\uFEFF/, '').replace(/[\r\n]+/g, ''), 'utf8')) {
    crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff]!;
  }
  return String(~crc);
}

function crcTable(): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value;
  });
}
