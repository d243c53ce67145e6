import type { ApiDocument } from '../../reference/api-document.ts';

/** A JSON Schema as the document has it. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  pattern?: string;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema | false;
  prefixItems?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

/** Says what a field of this name holds, where the schema alone would let one make up something that nobody has. */
export type KnownValues = (name: string, schema: Schema) => unknown;

/** Follows a reference. */
export function resolve(document: ApiDocument, schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  const name = schema.$ref.slice('#/components/schemas/'.length);
  const found = document.components.schemas[name] as Schema | undefined;
  if (found === undefined) throw new Error(`${schema.$ref} is not in the document`);
  return resolve(document, found);
}

/** The same for every field of an object, also those that may be left out, and with one item in every list. */
export function fullSampleOf(document: ApiDocument, given: Schema, known: KnownValues): unknown {
  const fill = (schema: Schema): Schema => {
    const found = resolve(document, schema);
    const choices = (found.anyOf ?? found.oneOf)?.map(fill);
    return {
      ...found,
      ...(choices === undefined ? {} : { anyOf: choices }),
      ...(found.properties === undefined
        ? {}
        : { required: Object.keys(found.properties), properties: fillAll(found.properties) }),
      ...(found.items === undefined || found.items === false
        ? {}
        : { minItems: Math.max(1, found.minItems ?? 0), items: fill(found.items) }),
    };
  };
  const fillAll = (properties: Record<string, Schema>): Record<string, Schema> =>
    Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, fill(schema)]));
  return sampleOf(document, fill(given), known);
}

/** The least value that a schema allows: only what is required, the shortest lists, the first choice. */
export function sampleOf(document: ApiDocument, given: Schema, known: KnownValues, name = ''): unknown {
  const schema = resolve(document, given);
  const value = known(name, schema);
  if (value !== undefined) return value;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const choice = schema.anyOf?.[0] ?? schema.oneOf?.[0];
  if (choice !== undefined) return sampleOf(document, choice, known, name);
  if (schema.allOf !== undefined)
    return Object.assign({}, ...schema.allOf.map((part) => sampleOf(document, part, known, name))) as object;
  switch ([schema.type].flat()[0]) {
    case 'object':
      return sampleObject(document, schema, known);
    case 'array':
      return sampleArray(document, schema, known, name);
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 0, (schema.exclusiveMinimum ?? -1) + 1);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return sampleText(schema, name);
  }
}

function sampleObject(document: ApiDocument, schema: Schema, known: KnownValues): object {
  const names = schema.required ?? [];
  return Object.fromEntries(
    names.map((name) => [name, sampleOf(document, schema.properties?.[name] ?? {}, known, name)]),
  );
}

function sampleArray(document: ApiDocument, schema: Schema, known: KnownValues, name: string): unknown[] {
  if (schema.prefixItems !== undefined)
    return schema.prefixItems.map((item, index) => sampleOf(document, item, known, `${name}.${index}`));
  const { items, minItems = 0 } = schema;
  if (items === undefined || items === false) return [];
  return Array.from({ length: minItems }, (_, index) => sampleOf(document, items, known, `${name}.${index}`));
}

const byFormat: Record<string, string> = {
  uuid: '01a1fd18-8ed3-7725-a49d-e45f54ab7895',
  date: '2026-03-02',
  'date-time': '2026-03-02T12:00:00.000Z',
  email: 'somebody@example.org',
  uri: 'https://example.org/',
  byte: 'c2FtcGxl',
  base64: 'c2FtcGxl',
};

function sampleText(schema: Schema, name: string): string {
  const known = schema.format === undefined ? undefined : byFormat[schema.format];
  if (known !== undefined) return known;
  const text = 'sample'.padEnd(schema.minLength ?? 0, 'x').slice(0, schema.maxLength ?? 1000);
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(text)) {
    const fitting = ['2026-03-02', 'a', 'A1', '1', 'en', 'ABCD-EFGH', 'x'.repeat(43), 'x'.repeat(86)].find((each) =>
      new RegExp(schema.pattern ?? '', 'u').test(each),
    );
    if (fitting === undefined)
      throw new Error(`"${name}" has the pattern ${schema.pattern}: say in sample-makers.ts what fits it`);
    return fitting;
  }
  return text;
}
