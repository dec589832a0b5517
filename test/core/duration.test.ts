import { describe, expect, it } from 'vitest';
import {
  DAY,
  describeDuration,
  describeLimit,
  formatDuration,
  HOUR,
  inDays,
  MINUTE,
  parseDuration,
  SECOND,
} from '../../core/duration.ts';

describe('parseDuration', () => {
  it.each<[string, number | undefined]>([
    ['45d', 45 * DAY],
    ['12h', 12 * HOUR],
    ['30m', 30 * MINUTE],
    ['10s', 10 * SECOND],
    ['2w', 14 * DAY],
    ['0d', 0],
    ['36525d', 36_525 * DAY],
    ['36526d', undefined],
    ['', undefined],
    ['45', undefined],
    ['45 d', undefined],
    ['4.5d', undefined],
    ['-1d', undefined],
    ['45D', undefined],
    ['1d12h', undefined],
  ])('%j', (text, expected) => expect(parseDuration(text)).toBe(expected));
});

describe('formatDuration', () => {
  it.each(['45d', '12h', '90m', '10s'])('%s is read back', (text) => {
    expect(formatDuration(parseDuration(text) ?? Number.NaN)).toBe(text);
  });
});

describe('describeDuration: rounded down', () => {
  it.each<[number, string]>([
    [-DAY, '0 seconds'],
    [0, '0 seconds'],
    [SECOND, '1 second'],
    [25 * SECOND, '25 seconds'],
    [MINUTE - 1, '59 seconds'],
    [MINUTE, '1 minute'],
    [HOUR - 1, '59 minutes'],
    [HOUR, '1 hour'],
    [2 * DAY - 1, '47 hours'],
    [2 * DAY, '2 days'],
    [120 * DAY + HOUR, '120 days'],
  ])('%i ms', (duration, expected) => expect(describeDuration(duration)).toBe(expected));
});

describe('describeLimit and inDays', () => {
  it.each<[number, string, number]>([
    [45 * DAY, '45', 45],
    [12 * HOUR, '12h', 0.5],
    [36 * HOUR, '36h', 1.5],
  ])('%i ms', (duration, limit, days) => {
    expect(describeLimit(duration)).toBe(limit);
    expect(inDays(duration)).toBe(days);
  });
});
