import type { Fact } from '@devpulse/contract/facts';
import { z } from 'zod';
import { number, sha } from './read-shape.ts';
import type { Told } from './told.ts';

/** An answer of the API: always with the clock of the answer. */
export interface AnswerTold extends Told {
  at: string;
}

/** One kind of answer: how it is named, told apart, and read. */
export interface Shape<Extra = unknown> {
  title: string;
  /** The question that it answers. */
  data: string;
  /** What the answer itself does not say. */
  extra: z.ZodType<Extra>;
  /** What in the repository it is about, as part of the key. */
  id(data: unknown, extra: Extra): string;
  /** What changes with it; the fingerprint of what it tells follows. */
  version(data: unknown, extra: Extra, at: string): string;
  read(told: AnswerTold, data: unknown, extra: Extra): Fact[];
}

export function shape<Extra>(declared: Shape<Extra>): Shape<Extra> {
  return declared;
}

export const nothing = z.object({});
export const ofThread = z.object({ number });

/** Once a day, so that what rises and falls has a reading for every day, and may return to an earlier value. */
export const daily = (_data: unknown, _extra: unknown, at: string): string => at.slice(0, 10);
export const whole = (): string => '-';
export const noVersion = (): string => '';

/** A field of the answer for the key; whether it is right is found when the answer is read. */
export function field(name: string): (data: unknown) => string {
  return (data) => {
    const value = z.looseObject({}).safeParse(data).data?.[name];
    return typeof value === 'number' || typeof value === 'string' ? String(value).slice(0, 80) : '-';
  };
}

export const ofHead = z.object({ number, head: sha, isWhole: z.boolean() });
export function atHead(_data: unknown, extra: z.output<typeof ofHead>): string {
  return extra.isWhole ? extra.head : `${extra.head}.cut`;
}
