import { describe, expect, it } from 'vitest';
import { defaultDataDir } from './default-data-dir.ts';

const ada = { platform: 'linux', isRoot: false, home: '/home/ada', environment: {} } as const;

describe('defaultDataDir', () => {
  it('is outside root’s home, which PostgreSQL’s user may not enter', () => {
    expect(defaultDataDir({ ...ada, isRoot: true, home: '/root' })).toBe('/var/lib/devpulse');
    expect(defaultDataDir({ ...ada, isRoot: true, environment: { XDG_DATA_HOME: '/root/data' } })).toBe(
      '/var/lib/devpulse',
    );
  });

  it('follows the habits of the platform', () => {
    expect(defaultDataDir(ada)).toBe('/home/ada/.local/share/devpulse');
    expect(defaultDataDir({ ...ada, environment: { XDG_DATA_HOME: '/data/ada' } })).toBe('/data/ada/devpulse');
    expect(defaultDataDir({ ...ada, platform: 'darwin', home: '/Users/ada' })).toBe(
      '/Users/ada/Library/Application Support/DevPulse',
    );
    const windows = { ...ada, platform: 'win32', home: 'C:\\Users\\ada' } as const;
    expect(defaultDataDir(windows)).toBe('C:\\Users\\ada\\AppData\\Local\\DevPulse');
    expect(defaultDataDir({ ...windows, environment: { LOCALAPPDATA: 'D:\\Local' } })).toBe('D:\\Local\\DevPulse');
  });

  it('ignores an XDG folder that is not absolute, as the rules of XDG ask', () => {
    expect(defaultDataDir({ ...ada, environment: { XDG_DATA_HOME: 'data' } })).toBe('/home/ada/.local/share/devpulse');
  });

  it('names an absolute folder on this machine', () => {
    expect(defaultDataDir()).toMatch(/^(\/|[A-Z]:\\)/);
  });
});
