/** The expressions of DynamoDB, as far as they are comparisons and functions joined by AND. Anything else is refused. */
import type { JsonObject } from '../../http/operation.ts';
import { type AttributeValue, compareValues, type Item, isSame, textOf } from '../../state/attribute-values.ts';
import { validationException } from './errors.ts';
import { readAttribute } from './read-attributes.ts';

export interface Term {
  readonly test: '=' | '<>' | '<' | '<=' | '>' | '>=' | 'begins_with' | 'attribute_exists' | 'attribute_not_exists';
  readonly attribute: string;
  /** Absent for the tests of existence. */
  readonly value?: AttributeValue;
}

/**
 * The terms of an expression of a request; none where it has no such expression.
 * @throws AwsError ValidationException, also for names and values that are missing or not used
 */
export function readExpression(
  input: JsonObject,
  member: 'KeyConditionExpression' | 'ConditionExpression',
): readonly Term[] {
  const expression = input[member];
  const names = (input.ExpressionAttributeNames ?? {}) as JsonObject;
  const values = (input.ExpressionAttributeValues ?? {}) as JsonObject;
  const used = new Set<string>();

  function attributeNamed(placeholder: string): string {
    used.add(placeholder);
    const name = names[placeholder];
    if (typeof name === 'string') {
      return name;
    }
    throw validationException(
      `Invalid ${member}: An expression attribute name used in the document path is not defined; attribute name: ${placeholder}`,
    );
  }

  function valueNamed(placeholder: string): AttributeValue {
    used.add(placeholder);
    if (values[placeholder] !== undefined) {
      return readAttribute(values[placeholder], placeholder);
    }
    throw validationException(
      `Invalid ${member}: An expression attribute value used in expression is not defined; attribute value: ${placeholder}`,
    );
  }

  function readTerm(text: string): Term {
    const existence = /^(attribute_exists|attribute_not_exists)\s*\(\s*(#\w+)\s*\)$/.exec(text);
    if (existence !== null) {
      return { test: existence[1] as Term['test'], attribute: attributeNamed(String(existence[2])) };
    }
    const beginning = /^begins_with\s*\(\s*(#\w+)\s*,\s*(:\w+)\s*\)$/.exec(text);
    if (beginning !== null) {
      const [, name = '', value = ''] = beginning;
      return { test: 'begins_with', attribute: attributeNamed(name), value: valueNamed(value) };
    }
    const comparison = /^(#\w+)\s*(=|<>|<=|>=|<|>)\s*(:\w+)$/.exec(text);
    if (comparison !== null) {
      const [, name = '', test, value = ''] = comparison;
      return { test: test as Term['test'], attribute: attributeNamed(name), value: valueNamed(value) };
    }
    throw validationException(
      `Invalid ${member}: "${text}"; the sandbox offers #name with =, <>, <, <=, >, >= :value, begins_with, attribute_exists and attribute_not_exists, joined by AND`,
    );
  }

  const terms =
    expression === undefined
      ? []
      : String(expression)
          .trim()
          .split(/\s+AND\s+/i)
          .map(readTerm);
  refuseUnused('ExpressionAttributeNames', names, used);
  refuseUnused('ExpressionAttributeValues', values, used);
  return terms;
}

/** Whether all terms hold for an item; undefined is an item that is not there. */
export function holds(terms: readonly Term[], item: Item | undefined): boolean {
  return terms.every((term) => holdsFor(term, item?.[term.attribute]));
}

function holdsFor({ test, value }: Term, found: AttributeValue | undefined): boolean {
  if (test === 'attribute_exists') {
    return found !== undefined;
  }
  if (test === 'attribute_not_exists') {
    return found === undefined;
  }
  if (value === undefined || found === undefined) {
    return test === '<>' && value !== undefined;
  }
  const order = compareValues(found, value);
  switch (test) {
    case '=':
      return isSame(found, value);
    case '<>':
      return !isSame(found, value);
    case '<':
      return order !== undefined && order < 0;
    case '<=':
      return order !== undefined && order <= 0;
    case '>':
      return order !== undefined && order > 0;
    case '>=':
      return order !== undefined && order >= 0;
    case 'begins_with':
      return textOf(found)?.startsWith(textOf(value) ?? '\u0000') ?? false;
  }
}

function refuseUnused(member: string, given: JsonObject, used: ReadonlySet<string>): void {
  const unused = Object.keys(given).filter((placeholder) => !used.has(placeholder));
  if (unused.length > 0) {
    throw validationException(`Value provided in ${member} unused in expressions: keys: {${unused.join(', ')}}`);
  }
}
