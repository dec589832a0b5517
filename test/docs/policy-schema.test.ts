import { expect, it } from 'vitest';
import type { JsonSchema } from '../../core/policy/checked-yaml.ts';
import { policyJsonSchema } from '../../core/policy/json-schema.ts';
import { policySchemaFile, policySchemaUrl } from '../../core/policy/schema-place.ts';

it('the published JSON Schema is current (else: npm run docs)', async () => {
  await expect(`${JSON.stringify(policyJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(`../../${policySchemaFile}`);
});

it('names itself, so that editors and validators can cache it', () => {
  expect(policyJsonSchema().$id).toBe(policySchemaUrl());
});

/** The paths of all properties, in whatever they are nested, that have no description. */
function undescribed(schema: unknown, path = ''): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap((one) => undescribed(one, path));
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {}, ...others } = schema as JsonSchema;
  return [
    ...Object.entries(properties).flatMap(([name, property]) => {
      const { description } = property;
      const isDescribed = typeof description === 'string' && description.trim() !== '';
      return [...(isDescribed ? [] : [`${path}/${name}`]), ...undescribed(property, `${path}/${name}`)];
    }),
    ...Object.values(others).flatMap((nested) => undescribed(nested, path)),
  ];
}

it('describes every property', () => {
  expect(undescribed(policyJsonSchema())).toEqual([]);
  expect(undescribed({ anyOf: [{ properties: { a: { items: { properties: { b: {} } } } } }] })).toEqual(['/a', '/a/b']);
});
