import { z } from 'zod';
import { daySchema } from '../day.ts';
import { zoneSchema } from '../zone.ts';

/** Of a picture, before it is packed as text. */
export const avatarBytesMax = 512 * 1024;
const bioLengthMax = 500;

// A NUL cannot be stored.
const bioSchema = z
  .string()
  .trim()
  .max(bioLengthMax, `at most ${bioLengthMax} characters`)
  .refine((text) => text.isWellFormed() && !text.includes('\u0000'), 'no text that can be stored');

export const profileSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    avatar: z.string().nullable().describe('Address of the picture; null: initials are drawn'),
    bio: z.string().describe('Markdown; HTML in it is text'),
  })
  .meta({ id: 'Profile' });
export type ProfileView = z.infer<typeof profileSchema>;

export const updateProfileSchema = z.strictObject({ bio: bioSchema });
export type UpdateProfile = z.infer<typeof updateProfileSchema>;

export const newAvatarSchema = z.strictObject({
  image: z
    .base64()
    .min(4)
    // Four characters stand for three bytes.
    .max(Math.ceil(avatarBytesMax / 3) * 4)
    .describe('A PNG, JPEG or WebP of at most 512 KiB and 4096 by 4096 pixels, in base64'),
});

export const avatarQuerySchema = z.object({
  v: z.string().max(100).optional().describe('Which picture; part of the address that lists give'),
});

export const localeNames = [
  'en-GB',
  'en-US',
  'de-DE',
  'fr-FR',
  'es-ES',
  'it-IT',
  'nl-NL',
  'pl-PL',
  'pt-BR',
  'sv-SE',
  'iso',
] as const;

const chosen = {
  theme: z.enum(['light', 'dark', 'system']),
  palette: z.enum(['petrol', 'ember', 'contrast']),
  keys: z.enum(['on', 'off']),
  locale: z.enum(localeNames).describe('How numbers and dates are written; `iso` writes days as 2026-03-01'),
};
export const preferencesSchema = z
  .object({
    theme: chosen.theme.nullable(),
    palette: chosen.palette.nullable(),
    keys: chosen.keys.nullable(),
    locale: chosen.locale.nullable(),
  })
  .meta({ id: 'Preferences', description: 'null: not chosen yet, the browser’s own counts' });
export type PreferencesView = z.infer<typeof preferencesSchema>;
export const updatePreferencesSchema = z.strictObject(chosen).partial();
export type UpdatePreferences = z.infer<typeof updatePreferencesSchema>;

export const zonePreviewQuerySchema = z.object({ zone: zoneSchema });
export const zonePreviewSchema = z
  .object({
    zone: z.string().describe('As it will be kept'),
    days: z.number().int().describe('Days that are counted again'),
    firstDay: daySchema.nullable(),
    lastDay: daySchema.nullable(),
    moved: z.number().int().describe('Commits that will fall on another day'),
    people: z.number().int().describe('People whose days are cut anew; 1 for a person’s own zone'),
  })
  .meta({ id: 'ZonePreview' });
export type ZonePreview = z.infer<typeof zonePreviewSchema>;
