import { homedir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, describeConfig, readConfig, takeConfigFlags } from './config.ts';

describe('readConfig', () => {
  it('needs nothing to be set', () => {
    expect(readConfig([], { HOME: '/home/ada' })).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      roles: ['api', 'worker', 'scheduler'],
      logLevel: process.stdout.isTTY ? 'warn' : 'info',
    });
    expect(readConfig([], {}).databaseUrl).toBeUndefined();
    expect(readConfig([], {}).gitRoots).toEqual([homedir()]);
  });

  it('reads every variable', () => {
    const config = readConfig([], {
      PORT: '0',
      DEVPULSE_HOST: '::1',
      DEVPULSE_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8,fd00::/8',
      DEVPULSE_TLS_CERT: '/etc/tls/chain.pem',
      DEVPULSE_TLS_KEY: '/etc/tls/key.pem',
      DEVPULSE_ALLOW_PLAIN_HTTP: 'yes',
      DEVPULSE_LIMITS: 'off',
      DEVPULSE_DATA: '/srv/devpulse',
      DEVPULSE_GIT_ROOTS: ['/home/ada/code', '/srv/git/'].join(path.delimiter),
      DATABASE_URL: 'postgres://ada:secret@db:5433/devpulse',
      REDIS_URL: 'rediss://:secret@cache:6380/1',
      DEVPULSE_URL: 'https://pulse.example.org/',
      GITHUB_BASE_URL: 'https://github.example.org',
      GITHUB_API_URL: 'https://github.example.org/api/v3/',
      GITHUB_CLIENT_ID: 'Ov23',
      GITHUB_CLIENT_SECRET: 'secret',
      SMTP_URL: 'smtp://mail:25',
      MAIL_FROM: 'devpulse@example.org',
      DEVPULSE_ROLES: 'worker, scheduler',
      DEVPULSE_DEMO: 'yes',
      LOG_LEVEL: 'debug',
    });
    expect(config).toEqual({
      port: 0,
      host: '::1',
      trustedProxies: ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'],
      tlsCert: '/etc/tls/chain.pem',
      tlsKey: '/etc/tls/key.pem',
      allowPlainHttp: true,
      limits: null,
      dataDir: '/srv/devpulse',
      gitRoots: ['/home/ada/code', '/srv/git'],
      databaseUrl: 'postgres://ada:secret@db:5433/devpulse',
      redisUrl: 'rediss://:secret@cache:6380/1',
      publicUrl: 'https://pulse.example.org',
      githubUrl: 'https://github.example.org',
      githubApiUrl: 'https://github.example.org/api/v3',
      githubClientId: 'Ov23',
      githubClientSecret: 'secret',
      smtpUrl: 'smtp://mail:25',
      mailFrom: 'devpulse@example.org',
      roles: ['worker', 'scheduler'],
      demo: true,
      logLevel: 'debug',
    });
  });

  it('lets a flag win over its variable, and takes a blank variable for none', () => {
    const env = { PORT: '4000', DEVPULSE_HOST: '  ', LOG_LEVEL: '' };
    expect(readConfig(['--port', '5000'], env)).toMatchObject({ port: 5000, host: '127.0.0.1' });
    expect(readConfig(['--port=6000'], env).port).toBe(6000);
  });

  it('takes a flag that stands alone for yes, and never the word behind it for its value', () => {
    expect(readConfig([], {}).demo).toBe(false);
    expect(readConfig(['--demo', '--port', '5000'], {})).toMatchObject({ demo: true, port: 5000 });
    expect(readConfig(['--demo=false'], { DEVPULSE_DEMO: '1' }).demo).toBe(false);
    expect(takeConfigFlags(['--demo', 'add'])).toEqual({ flags: { '--demo': 'true' }, rest: ['add'] });
  });

  it('makes the data folder absolute, seen from where the command was typed', () => {
    expect(readConfig(['--data', 'here'], {}).dataDir).toBe(path.resolve('here'));
  });

  const faults: [string[], Record<string, string>, RegExp][] = [
    [[], { PORT: 'http' }, /^PORT: "http" must be a whole number from 0 to 65535, for example 3000$/],
    [[], { DEVPULSE_URL: 'https://pulse.example.org/sub' }, /^DEVPULSE_URL: .* without a path, for example/],
    [[], { SMTP_URL: 'mail.example.org' }, /^SMTP_URL: must begin with smtp:\/\//],
    [[], { PORT: '65536' }, /^PORT: "65536" must be a whole number/],
    [['--port', '1e3'], {}, /^--port: "1e3" must be a whole number/],
    [['--port'], {}, /^--port: has no value, for example --port 3000$/],
    [['--data', '--port', '1'], {}, /^--data: has no value/],
    [['--prot', '3000'], {}, /^--prot: is not a setting/],
    [[], { DEVPULSE_TRUSTED_PROXIES: '10.0.0.0/33' }, /^DEVPULSE_TRUSTED_PROXIES: .*addresses or networks/],
    [[], { DEVPULSE_TRUSTED_PROXIES: 'proxy.example.org' }, /^DEVPULSE_TRUSTED_PROXIES: .*addresses or networks/],
    [[], { DEVPULSE_LIMITS: 'reads=0' }, /^DEVPULSE_LIMITS: .*whole number/],
    [[], { DEVPULSE_HOST: 'a b' }, /^DEVPULSE_HOST: "a b" must be an address/],
    [
      [],
      { DEVPULSE_ROLES: 'api,all' },
      /^DEVPULSE_ROLES: "api,all" must be a list of api, worker, scheduler, for example api,worker$/,
    ],
    [[], { DEVPULSE_GIT_ROOTS: 'code' }, /^DEVPULSE_GIT_ROOTS: "code" must hold absolute paths only, for example/],
    [[], { DEVPULSE_GIT_ROOTS: path.delimiter }, /^DEVPULSE_GIT_ROOTS: ":" must name a folder/],
    [[], { DEVPULSE_DEMO: 'perhaps' }, /^DEVPULSE_DEMO: "perhaps" must be true or false, for example true$/],
    [[], { LOG_LEVEL: 'loud' }, /^LOG_LEVEL: "loud" must be one of trace/],
    [
      [],
      { DATABASE_URL: 'mysql://ada:hunter2@db/x' },
      /^DATABASE_URL: the scheme must be postgres, for example postgres:/,
    ],
    [[], { DATABASE_URL: 'hunter2' }, /^DATABASE_URL: is not an address of a PostgreSQL/],
    [[], { DATABASE_URL: 'postgres://ada:hunter2@db' }, /^DATABASE_URL: the address must name a database/],
    [[], { DATABASE_URL: 'postgres://ada:hunter2%@db/x' }, /^DATABASE_URL: holds a % that stands for nothing/],
    [
      [],
      { DATABASE_URL: 'postgres://ada:hunter2@db/x?port=none' },
      /^DATABASE_URL: the port must be a number from 1 to 65535/,
    ],
    [[], { REDIS_URL: 'http://:hunter2@cache' }, /^REDIS_URL: must begin with redis:\/\//],
    [[], { REDIS_URL: 'redis://:hunter2@cache:port' }, /^REDIS_URL: is not an address/],
  ];
  it.each(faults)('says in one line what is wrong with %j %j, without any secret', (argv, env, words) => {
    const read = (): unknown => readConfig(argv, env);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(words);
    expect(read).not.toThrow(/hunter2|\n/);
  });
});

describe('takeConfigFlags', () => {
  it('leaves a command its own words', () => {
    expect(takeConfigFlags(['--data=/srv', 'a folder', '--all', '--port', '1', '--', '--host'])).toEqual({
      flags: { '--data': '/srv', '--port': '1' },
      rest: ['a folder', '--all', '--', '--host'],
    });
  });
});

/** What has to be set as well. */
const companions: Record<string, Record<string, string>> = {
  GITHUB_CLIENT_ID: { GITHUB_CLIENT_SECRET: 'secret' },
  GITHUB_CLIENT_SECRET: { GITHUB_CLIENT_ID: 'Ov23' },
  SMTP_URL: { MAIL_FROM: 'devpulse@example.org', DEVPULSE_URL: 'https://pulse.example.org' },
};

function exampleOf(variable: string): string {
  return describeConfig().find((entry) => entry.variable === variable)?.example ?? '';
}

describe('describeConfig', () => {
  it('refuses what is worth nothing without another setting, and names that one', () => {
    for (const [variable, others] of Object.entries(companions))
      for (const missing of Object.keys(others)) {
        const env = { ...others, [variable]: exampleOf(variable), [missing]: '' };
        expect(() => readConfig([], env), missing).toThrow(new RegExp(missing));
      }
  });

  it('gives every variable a description and an example that is itself accepted', () => {
    for (const entry of describeConfig()) {
      expect(entry.description).toMatch(/\.$/);
      const env = { ...companions[entry.variable], [entry.variable]: entry.example };
      expect(() => readConfig([], env), entry.variable).not.toThrow();
    }
  });
});
