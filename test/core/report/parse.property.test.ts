import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeysweepError } from '../../../core/error.ts';
import { requiredColumns } from '../../../core/report/columns.ts';
import { parseReport } from '../../../core/report/parse.ts';
import type { CredentialReport, Reported, ReportRow } from '../../../core/report/types.ts';
import { awsTime, bytes, type Row, reportBytes, rootRow, userRow } from '../../support/report-builder.ts';

const times = fc.date({
  min: new Date('2010-01-01T00:00:00Z'),
  max: new Date('2040-01-01T00:00:00Z'),
  noInvalidDate: true,
});
const time = fc.oneof(times.map(awsTime), fc.constantFrom('N/A', 'no_information', 'not_supported'));
const flag = fc.constantFrom('true', 'false', 'N/A', 'not_supported');
const word = fc.oneof(
  fc.constantFrom('N/A', 's3', 'eu-central-1'),
  fc.string({ minLength: 1, unit: fc.constantFrom('a', ',', '"', '-') }),
);
const name = fc.string({ minLength: 1, maxLength: 64, unit: fc.constantFrom(...'abzAZ019+=,.@-_') });

const fields = fc.record(
  Object.fromEntries(
    requiredColumns
      .filter((column) => column !== 'user' && column !== 'arn')
      .map((column) => {
        if (column.endsWith('_active') || column === 'password_enabled') return [column, flag];
        return [column, column.endsWith('_region') || column.endsWith('_service') ? word : time];
      }),
  ),
);

const rows = fc
  .uniqueArray(fc.tuple(name, fields), { minLength: 1, maxLength: 8, selector: ([user]) => user.toLowerCase() })
  .map((users) => [rootRow(), ...users.map(([user, own]) => userRow(user, own as Row))]);

/** The texts that a parsed row came from. */
function written(row: ReportRow): Row {
  const text = (field: Reported<unknown>) => {
    if (!field.known) return field.marker;
    return field.value instanceof Date ? awsTime(field.value) : String(field.value);
  };
  const keys = row.accessKeys.flatMap((key) => [
    [`access_key_${key.slot}_active`, text(key.active)],
    [`access_key_${key.slot}_last_rotated`, text(key.lastRotated)],
    [`access_key_${key.slot}_last_used_date`, text(key.lastUsed)],
    [`access_key_${key.slot}_last_used_region`, text(key.lastUsedRegion)],
    [`access_key_${key.slot}_last_used_service`, text(key.lastUsedService)],
  ]);
  const certificates = row.certificates.flatMap((certificate) => [
    [`cert_${certificate.slot}_active`, text(certificate.active)],
    [`cert_${certificate.slot}_last_rotated`, text(certificate.lastRotated)],
  ]);
  return {
    user: row.user,
    arn: row.arn,
    user_creation_time: text(row.createdAt),
    password_enabled: text(row.passwordEnabled),
    password_last_used: text(row.passwordLastUsed),
    password_last_changed: text(row.passwordLastChanged),
    password_next_rotation: text(row.passwordNextRotation),
    mfa_active: text(row.mfaActive),
    ...Object.fromEntries([...keys, ...certificates]),
  };
}

function allRows({ root, users }: CredentialReport): ReportRow[] {
  return root === undefined ? [...users] : [root, ...users];
}

describe('parseReport', () => {
  it('gives back every field that was written, whatever the order of the columns', () => {
    const columns = fc.shuffledSubarray([...requiredColumns], { minLength: requiredColumns.length });
    fc.assert(
      fc.property(rows, columns, (written_, order) => {
        expect(allRows(parseReport(reportBytes(written_, order))).map(written)).toEqual(written_);
      }),
    );
  });

  it('reads arbitrary bytes as an error, never as a report', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (content) => {
        expect(() => parseReport(content)).toThrow(KeysweepError);
      }),
    );
  });

  it('never throws anything but a KeysweepError for a damaged report', () => {
    fc.assert(
      fc.property(rows, fc.nat(), fc.string({ maxLength: 4 }), (written_, at, noise) => {
        const text = new TextDecoder().decode(reportBytes(written_));
        const cut = at % text.length;
        try {
          parseReport(bytes(text.slice(0, cut) + noise + text.slice(cut + noise.length)));
        } catch (error) {
          expect(error).toBeInstanceOf(KeysweepError);
        }
      }),
    );
  });
});

describe('a damaged row', () => {
  const damages = fc.constantFrom<(line: string) => string>(
    (line) => `${line},x`,
    (line) => line.replace(/,[^,]*$/, ''),
    (line) => line.replace(/,[^,]*$/, ',perhaps'),
    (line) => `${line}\n${line}`,
  );

  it('changes nothing about the others, and its own user is unreadable, never absent', () => {
    fc.assert(
      fc.property(rows, fc.nat(), damages, (written_, at, damage) => {
        const damaged = 1 + (at % written_.length);
        const sound = parseReport(reportBytes(written_));
        const text = new TextDecoder().decode(reportBytes(written_)).split('\n');
        const lines = text.map((line, index) => (index === damaged ? damage(line) : line));
        const isRest = (row: ReportRow) => row.user !== written_[damaged - 1]?.user;
        const report = parseReport(bytes(`${lines.join('\n')}\n`));
        const plain = (row: ReportRow) => written(row);
        expect(allRows(report).map(plain)).toEqual(allRows(sound).filter(isRest).map(plain));
        expect(report.unreadable.map(({ user }) => user)).toEqual([written_[damaged - 1]?.user]);
      }),
    );
  });
});

describe('two reports in one file', () => {
  const columns = fc.oneof(
    fc.shuffledSubarray([...requiredColumns], { minLength: requiredColumns.length }),
    fc.constantFrom(requiredColumns, ['arn', ...requiredColumns.filter((column) => column !== 'arn')]),
  );
  const between = fc.constantFrom('', '\n', '\r\n', '\n\n', '\uFEFF', '\n\uFEFF', '\n,,,\n');

  it('hide no user: the file is refused, or each user is read or unreadable', () => {
    fc.assert(
      fc.property(rows, rows, columns, between, fc.boolean(), (first, second, order, separator, withHeader) => {
        const [one, other] = [first, second].map((some) => new TextDecoder().decode(reportBytes(some, order)));
        const joined = `${one}${separator}${withHeader ? other : other?.slice(other.indexOf('\n') + 1)}`;
        const report = readOrUndefined(bytes(joined));
        if (report === undefined) return;
        const names = [...allRows(report), ...report.unreadable].map(({ user }) => user.toLowerCase());
        expect(names).toEqual(expect.arrayContaining([...first, ...second].map(({ user }) => user?.toLowerCase())));
      }),
    );
  });
});

function readOrUndefined(content: Uint8Array): CredentialReport | undefined {
  try {
    return parseReport(content);
  } catch (error) {
    if (error instanceof KeysweepError) return undefined;
    throw error;
  }
}
