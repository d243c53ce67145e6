import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeToken } from './tokens/token-format.ts';
import { redactSecrets } from './redact-secrets.ts';

const secretNames = [
  'authorization',
  'Cookie',
  'set-cookie',
  'password',
  'DB_PASSWORD',
  'client-secret',
  'accessToken',
  'api_key',
  'DATABASE_URL',
  'SMTP_URL',
  'refreshToken',
  'totp_secret',
  'backupCodes',
  'recovery_codes',
  'code_verifier',
  'DEVPULSE_KEY',
  '__Host-devpulse_session',
  'devpulse_session_3000',
];

describe('redactSecrets', () => {
  it('hides members by their name, however deep, and leaves the rest alone', () => {
    const line = JSON.stringify({
      a: [{ password: 'hunter2' }],
      Cookie: ['hunter2', 'x'],
      token: 7,
      secret: { of: 'hunter2' },
      note: 'kept',
      tokens: 5,
    });
    expect(JSON.parse(redactSecrets(line))).toEqual({
      a: [{ password: '[redacted]' }],
      Cookie: '[redacted]',
      token: '[redacted]',
      secret: '[redacted]',
      note: 'kept',
      tokens: 5,
    });
  });

  it('hides members of JSON that stands in a string, at any level', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom(...secretNames),
        fc.integer({ min: 0, max: 2 }),
        (tail, name, levels) => {
          let value: unknown = { [name]: `hunter2${tail}`, kept: 'kept' };
          for (let level = 0; level < levels; level += 1) value = { body: JSON.stringify(value) };
          let clean: unknown = JSON.parse(redactSecrets(JSON.stringify(value)));
          for (let level = 0; level < levels; level += 1) clean = JSON.parse((clean as { body: string }).body);
          expect(clean).toEqual({ [name]: '[redacted]', kept: 'kept' });
        },
      ),
    );
  });

  it('keeps any line of JSON one line of JSON', () => {
    const name = fc.oneof(fc.constantFrom(...secretNames), fc.string());
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.double(),
        fc.boolean(),
        fc.array(tie('tree')),
        fc.dictionary(name, tie('tree')),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(name, tree), (value) => {
        const clean = redactSecrets(JSON.stringify(value));
        expect(Object.keys(JSON.parse(clean) as object)).toHaveLength(
          Object.keys(JSON.parse(JSON.stringify(value)) as object).length,
        );
        expect(clean).not.toContain('\n');
      }),
      { numRuns: 500 },
    );
  });

  it('hides what looks like a secret wherever it stands', () => {
    const token = makeToken();
    const secrets = [
      `GET /x?token=hunter2&page=2`,
      `Bearer hunter2hunter2`,
      `it was ${token} that failed`,
      `postgres://ada:hunter2@db:5432/x and redis://:hunter2@cache`,
      `postgres://ada:p@hunter2@db/x`,
      `ghp_hunter2hunter2hunter2`,
      `eyJhbGciOiJI.eyJodW50ZXIy.hunter2`,
      `${makeToken('refresh')} was used twice`,
      `ghs_${'hunter2'.repeat(6)} of 2025`,
      `ghs_123456_eyJhbGciOiJSUzI1NiJ9.${'hunter2'.repeat(60)}.hunter2-hunter2_hunter2, since 2026`,
      `smtps://ada:hunter2@mail.example.org:465`,
      `SMTP_URL=smtp://ada:hunter2@mail and DEVPULSE_KEY=hunter2hunter2=`,
      `otpauth://totp/DevPulse:ada?secret=hunter2&issuer=DevPulse`,
      `http://localhost/join/team#${'hunter2'.repeat(7)}`,
      `x-access-token: hunter2`,
      `GET /api/v1/auth/callback/github?code=hunter2hunter2&state=hunter2-hunter2`,
      `Cookie: a=hunter2`,
    ];
    for (const text of secrets) {
      const clean = redactSecrets(JSON.stringify({ msg: text, err: { stack: `Error: ${text}\n    at x` } }));
      expect(clean).not.toMatch(/hunter2|dpr?_[0-9A-Za-z]{5}/);
      expect(() => JSON.parse(clean) as unknown).not.toThrow();
    }
    expect(redactSecrets('{"msg":"GET /x?token=hunter2&page=2 of http://localhost:3000/docs"}')).toContain(
      '&page=2 of http://localhost:3000/docs',
    );
  });

  it('is not slowed down by lines made to slow it down', () => {
    const hostile = [
      '\\'.repeat(200_000),
      `"password":"${'\\'.repeat(100_000)}`,
      '"password":['.repeat(20_000),
      'a://b:'.repeat(30_000),
      'a-'.repeat(100_000),
      'eyJ-'.repeat(30_000),
    ];
    for (const text of hostile) expect(redactSecrets(text).length).toBeGreaterThan(0);
  });
});
