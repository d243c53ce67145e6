import type { DBAdapter, DBTransactionAdapter, Where } from 'better-auth/types';
import { newId } from '@devpulse/db/ids';
import type { Keyring } from '../../secrets/keyring.ts';
import { makeSecret } from '../secret-format.ts';
import { type Codec, hashSessionToken, openCodec, type Row, sealedFields, tokensIn } from './row-codec.ts';

/**
 * Stands between the library and the store: tokens of sessions are ours and only their hash is kept, and what could be used
 * elsewhere is sealed to its row. The library would write all of it in plain text.
 */
export function sealAdapter(inner: DBAdapter, keyring: Keyring): DBAdapter {
  const codec = openCodec(keyring);
  return {
    ...inner,
    ...sealMethods(inner, codec),
    transaction: (work) => inner.transaction((trx) => work({ ...trx, ...sealMethods(trx, codec) })),
  };
}

function sealMethods(inner: DBTransactionAdapter, codec: Codec) {
  return { ...readingMethods(inner, codec), ...writingMethods(inner, codec), ...guardedMethods(inner, codec) };
}

function readingMethods(inner: DBTransactionAdapter, codec: Codec): Pick<DBAdapter, 'findOne' | 'findMany' | 'count'> {
  const hashed = (model: string, where: Where[] | undefined) =>
    where === undefined ? undefined : codec.where(model, where, false);
  return {
    findOne: async <T>(question: Parameters<DBAdapter['findOne']>[0]) => {
      const where = codec.where(question.model, question.where, false);
      const row = await inner.findOne<Row>({ ...question, where });
      return (row === null ? null : codec.open(question.model, row, tokensIn(question.where))) as T | null;
    },
    findMany: async <T>(question: Parameters<DBAdapter['findMany']>[0]) => {
      const rows = await inner.findMany<Row>({ ...question, where: hashed(question.model, question.where) });
      return rows.map((row) => codec.open(question.model, row, tokensIn(question.where))) as T[];
    },
    count: (question) => inner.count({ ...question, where: hashed(question.model, question.where) }),
  };
}

function writingMethods(
  inner: DBTransactionAdapter,
  codec: Codec,
): Pick<DBAdapter, 'create' | 'update' | 'updateMany' | 'delete' | 'deleteMany'> {
  return {
    create: async <T extends Row, R = T>(wish: {
      model: string;
      data: Omit<T, 'id'>;
      select?: string[] | undefined;
    }) => {
      // Known before the row is written, since what is sealed is sealed to it.
      const given = (wish.data as Row)['id'];
      const id = typeof given === 'string' ? given : newId();
      const token = wish.model === 'session' ? makeSecret() : null;
      const plain = { ...wish.data, id, ...(token === null ? {} : { token: hashSessionToken(token) }) };
      const data = codec.seal(wish.model, id, plain);
      const made = await inner.create<Row, Row>({ ...wish, data, forceAllowId: true });
      return codec.open(wish.model, made, token === null ? [] : [token]) as R;
    },
    update: async <T>(wish: Parameters<DBAdapter['update']>[0]) => {
      const where = codec.where(wish.model, wish.where, true);
      const isSealed = codec.touches(wish.model, wish.update);
      const found = isSealed ? await inner.findOne<Row>({ model: wish.model, where }) : null;
      if (isSealed && found === null) return null;
      const row =
        found === null
          ? await inner.update<Row>({ ...wish, where })
          : await updateSealed(inner, codec, { ...wish, row: found });
      return (row === null ? null : codec.open(wish.model, row, tokensIn(wish.where))) as T | null;
    },
    updateMany: async (wish) => {
      const where = codec.where(wish.model, wish.where, true);
      if (!codec.touches(wish.model, wish.update)) return inner.updateMany({ ...wish, where });
      const rows = await inner.findMany<Row>({ model: wish.model, where });
      for (const row of rows) await updateSealed(inner, codec, { ...wish, row });
      return rows.length;
    },
    delete: (wish) => inner.delete({ ...wish, where: codec.where(wish.model, wish.where, true) }),
    deleteMany: (wish) => inner.deleteMany({ ...wish, where: codec.where(wish.model, wish.where, true) }),
  };
}

/** Each row by itself: the same text is sealed otherwise in every row. */
function updateSealed(
  inner: DBTransactionAdapter,
  codec: Codec,
  { model, update, row }: { model: string; update: Row; row: Row },
): Promise<Row | null> {
  const id = String(row['id']);
  return inner.update<Row>({ model, where: [{ field: 'id', value: id }], update: codec.seal(model, id, update) });
}

function guardedMethods(inner: DBTransactionAdapter, codec: Codec): Pick<DBAdapter, 'consumeOne' | 'incrementOne'> {
  return {
    consumeOne: async <T>(wish: Parameters<DBAdapter['consumeOne']>[0]) => {
      const row = await inner.consumeOne<Row>({ ...wish, where: codec.where(wish.model, wish.where, true) });
      return (row === null ? null : codec.open(wish.model, row, tokensIn(wish.where))) as T | null;
    },
    incrementOne: async <T>(wish: Parameters<DBAdapter['incrementOne']>[0]) => {
      const where = await guardBySealed(inner, codec, { model: wish.model, where: wish.where });
      if (where === null) return null;
      const id = wish.where.find((part) => part.field === 'id')?.value;
      const isSealed = wish.set !== undefined && codec.touches(wish.model, wish.set);
      const set = isSealed ? { set: codec.seal(wish.model, String(id), wish.set ?? {}) } : {};
      const row = await inner.incrementOne<Row>({ ...wish, where, ...set });
      return (row === null ? null : codec.open(wish.model, row, [])) as T | null;
    },
  };
}

/**
 * "Only while it still is what I read" is asked of the plain text, which the store cannot compare. What is sealed there is
 * opened and compared here, and the store then compares the sealed text, so that of two at once still only one comes first.
 */
async function guardBySealed(
  inner: DBTransactionAdapter,
  codec: Codec,
  { model, where }: { model: string; where: Where[] },
): Promise<Where[] | null> {
  const columns = Object.keys(sealedFields[model] ?? {});
  const guards = where.filter((part) => columns.includes(part.field));
  if (guards.length === 0) return codec.where(model, where, true);
  const others = where.filter((part) => !columns.includes(part.field));
  const stored = await inner.findOne<Row>({ model, where: others });
  if (stored === null) return null;
  const plain = codec.open(model, stored, []);
  if (guards.some((part) => plain[part.field] !== part.value)) return null;
  return [...others, ...guards.map((part) => ({ ...part, value: String(stored[part.field]) }))];
}
