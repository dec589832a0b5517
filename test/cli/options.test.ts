import { describe, expect, it } from 'vitest';
import { readDuration, readInstant, readPort, readUrl } from '../../cli/options.ts';

describe('readInstant', () => {
  it.each([
    ['2026-11-22T02:30:00Z', '2026-11-22T02:30:00.000Z'],
    ['2026-11-22T02:30Z', '2026-11-22T02:30:00.000Z'],
    ['2026-11-22T02:30:00.123Z', '2026-11-22T02:30:00.123Z'],
    ['2026-11-22T02:30:00.123456789Z', '2026-11-22T02:30:00.123Z'],
    ['2026-11-22T02:30:00+01:00', '2026-11-22T01:30:00.000Z'],
    ['2026-01-01T00:30:00+14:00', '2025-12-31T10:30:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, instant) => {
    expect(readInstant(text).toISOString()).toBe(instant);
  });

  it.each([
    'now',
    '',
    '2026-11-22',
    '2026-11-22T02:30:00',
    '2026-11-22 02:30:00Z',
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00+01:00',
    '2026-13-01T00:00:00Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T23:60:00Z',
    '2026-11-22T02:30:00+25:00',
    '1795314600',
  ])('%j is refused', (text) => {
    expect(() => readInstant(text)).toThrow('ISO 8601 with a zone');
  });
});

describe('readDuration', () => {
  it.each([
    ['90s', 90_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
  ])('%s is %i ms', (text, ms) => {
    expect(readDuration(text)).toBe(ms);
  });

  it.each(['5', 'm', '0m', '-5m', '1.5h', ''])('%j is refused', (text) => {
    expect(() => readDuration(text)).toThrow('whole number with a unit');
  });
});

describe('readPort', () => {
  it.each([
    ['0', 0],
    ['4566', 4566],
    ['65535', 65_535],
  ])('%s is %i', (text, port) => {
    expect(readPort(text)).toBe(port);
  });

  it.each(['65536', '-1', 'http', '', '1e3'])('%j is refused', (text) => {
    expect(() => readPort(text)).toThrow('port from 0 to 65535');
  });
});

describe('readUrl', () => {
  it.each(['http://127.0.0.1:4566', 'https://iam.example.com/'])('%s is kept', (url) => {
    expect(readUrl(url)).toBe(url);
  });

  it.each([
    ['127.0.0.1:4566', 'It has no scheme. Give an http or https URL, such as http://127.0.0.1:4566'],
    ['ftp://example.com', 'http or https URL'],
    ['http://', 'http or https URL'],
  ])('%j is refused', (url, said) => {
    expect(() => readUrl(url)).toThrow(said);
  });
});
