/** The header of a credential report. */
import { additionalCredentialsColumn, type ReportColumn, requiredColumns } from './columns.ts';
import type { Line } from './lines.ts';
import { ReportError, type ReportPosition } from './report-error.ts';

/** The header: column names in the order of the file. */
export interface Header {
  readonly names: readonly string[];
  readonly position: ReadonlyMap<string, number>;
  readonly otherNames: readonly string[];
}

export function positionOf(header: Header, line: number, columnName: ReportColumn): ReportPosition {
  return { line, column: (header.position.get(columnName) ?? -1) + 1, columnName };
}

/** Reads the first line. @throws ReportError if it is not the header of a credential report */
export function readHeader({ line, fields }: Pick<Line, 'line' | 'fields'>): Header {
  const names = fields.map((field) => recognizedName(field) ?? field);
  const missing = requiredColumns.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    const few = missing.slice(0, 3).join(', ');
    const found = `${missing.length} of ${requiredColumns.length} required columns`;
    const problem = missing.length === 1 ? `the column ${few} is missing` : `${found} are missing: ${few}`;
    const more = missing.length > 3 ? ', ...' : '';
    throw new ReportError({ line, column: fields.length + 1 }, `${problem}${more}`);
  }
  const position = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    // Spreadsheets add columns without a name.
    if (name.trim() === '') continue;
    const earlier = position.get(name);
    if (earlier !== undefined) {
      throw new ReportError(
        { line, column: index + 1, columnName: name },
        `the column appears twice, first as column ${earlier + 1}`,
      );
    }
    position.set(name, index);
  }
  return { names, position, otherNames: [...position.keys()].filter((name) => !required.includes(name)) };
}

const required: readonly string[] = requiredColumns;
const known: ReadonlySet<string> = new Set([...requiredColumns, additionalCredentialsColumn]);

/** The name of a column that this version knows, as databases write it (in capitals) or a joined file (after a mark). */
export function recognizedName(field: string): string | undefined {
  const name = field.replace('\uFEFF', '').trim().toLowerCase();
  return known.has(name) ? name : undefined;
}

/** Whether a line is a header or contains one. The names of three columns are no coincidence. */
export function isHeader(fields: readonly string[]): boolean {
  return fields.filter((field) => recognizedName(field) !== undefined).length >= 3;
}
