import { chmodSync, chownSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { readOwnEmail } from './read-own-email.ts';
import { generateHistory } from './testing/generate-history.ts';
import { MemoryHost } from './testing/memory-host.ts';
import { git, ScratchFolder, type ScratchRepository } from './testing/scratch-repository.ts';

const scratch = new ScratchFolder();
afterAll(() => scratch.dispose());

const environment = { ...process.env };
afterEach(() => {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
});

async function bodies(repository: ScratchRepository): Promise<string[]> {
  const host = new MemoryHost();
  await host.pull(repository.path);
  return [...host.events.values()].filter(({ kind }) => kind === 'commit').map(({ body }) => String(body));
}

/** A script that leaves a mark when it is run. */
function trap(mark: string): string {
  const script = scratch.reserve('trap');
  writeFileSync(script, `#!/bin/sh\necho "$0 $*" >> ${mark}\ncat\n`);
  chmodSync(script, 0o755);
  return script;
}

function complaintOf(work: () => unknown): string {
  try {
    work();
    return '';
  } catch (error) {
    return String(error);
  }
}

/** Copies, renames, submodules and edits of which each setting would tell something else. */
function plantWhatSettingsChange(repository: ScratchRepository): void {
  const long = (name: string): string => Array.from({ length: 30 }, (_, line) => `${name} ${line}\n`).join('');
  const head = repository.git(['rev-parse', 'HEAD']);
  repository.write('one', long('one'));
  repository.write('two', long('two'));
  repository.write('letters', [...'edbcaabdbcfd'].join('\n'));
  repository.git(['add', '-A']);
  repository.git(['update-index', '--add', '--cacheinfo', `160000,${head},lib`]);
  const before = repository.commitIndex();
  repository.git(['mv', 'one', 'moved one']);
  repository.git(['mv', 'two', 'moved two']);
  repository.write('moved one', `${long('one')}more\n`);
  repository.write('moved two', `${long('two')}more\n`);
  repository.write('letters', [...'fcdedeceedeb'].join('\n'));
  repository.git(['add', 'moved one', 'moved two', 'letters']);
  repository.git(['update-index', '--cacheinfo', `160000,${before},lib`]);
  repository.commitIndex();
  repository.write('copy of one', `${long('one')}more\n`);
  repository.write('moved one', `${long('one')}still more\n`);
  repository.git(['add', 'moved one', 'copy of one']);
  repository.commitIndex();
}

describe('git, as the connector runs it', () => {
  it('runs nothing that the repository names', async () => {
    const mark = scratch.reserve('mark');
    const origin = scratch.repository();
    origin.commit({ files: { 'a.txt': 'x\n', 'b.bin': Buffer.of(0, 1) } });
    origin.git(['config', 'uploadpack.allowFilter', 'true']);
    const repository = scratch.clone(origin.path, ['--filter=blob:none', '--no-checkout']);
    const plain = scratch.clone(origin.path);
    for (const target of [repository, plain]) {
      target.commitIndex({ message: 'one more' });
      target.storeCommit('signed', [
        `parent ${target.git(['rev-parse', 'HEAD'])}`,
        'author A <a@x> 1700000000 +0000',
        'committer A <a@x> 1700000000 +0000',
        'gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----',
      ]);
      writeFileSync(path.join(target.path, '.gitattributes'), '* diff=evil filter=evil merge=evil text\n');
      const hooks = scratch.reserve('hooks');
      mkdirSync(hooks);
      for (const hook of ['reference-transaction', 'post-index-change', 'pre-auto-gc', 'fsmonitor-watchman']) {
        renameSync(trap(mark), path.join(hooks, hook));
      }
      const settings = {
        'core.fsmonitor': trap(mark),
        'core.hooksPath': hooks,
        'core.pager': trap(mark),
        'core.sshCommand': trap(mark),
        'core.editor': trap(mark),
        'core.alternateRefsCommand': trap(mark),
        'credential.helper': `!${trap(mark)}`,
        'diff.external': trap(mark),
        'diff.evil.command': trap(mark),
        'diff.evil.textconv': trap(mark),
        'filter.evil.clean': trap(mark),
        'filter.evil.smudge': trap(mark),
        'gpg.program': trap(mark),
        'log.showSignature': 'true',
        'pager.log': trap(mark),
        'protocol.ext.allow': 'always',
        'protocol.allow': 'always',
        'remote.origin.url': `ext::${trap(mark)} %S`,
        'remote.origin.uploadpack': trap(mark),
        'trailer.co-authored-by.command': trap(mark),
        'trailer.co-authored-by.cmd': trap(mark),
        'alias.log': `!${trap(mark)}`,
      };
      for (const [name, value] of Object.entries(settings)) target.git(['config', name, value]);
      const host = new MemoryHost();
      await host.pull(target.path);
      expect(host.keys('commit')).toHaveLength(3);
    }
    // The traps do go off when git runs as it runs for a person.
    git(plain.path, ['-c', 'core.hooksPath=/dev/null', 'diff', 'HEAD']);
    expect(readdirSync(scratch.path).filter((name) => name.startsWith('mark'))).toHaveLength(1);
    rmSync(mark);
    expect(await bodies(plain)).toHaveLength(3);
    expect(await bodies(repository)).toHaveLength(3);
    expect(readdirSync(scratch.path).filter((name) => name.startsWith('mark'))).toEqual([]);
  });

  it('says the same whatever the reader or the repository has configured', async () => {
    const repository = scratch.repository();
    generateHistory(repository, 40);
    const message = 'Subject\n\nCo-authored-by: Bob <bob@example.org>\n';
    repository.git(['reset', '-q', '--hard']);
    repository.commit({ files: { 'sub/ü': 'a\n\nb\n' }, message, author: 'Ada <ada@example.org>' });
    plantWhatSettingsChange(repository);
    const expected = await bodies(repository);

    const settings = [
      '[log]\ndate = relative\nshowSignature = true\nfollow = true\nmailmap = true\nshowRoot = false\ndecorate = full',
      '[log]\ndiffMerges = first-parent\nabbrevCommit = true\nexcludeDecoration = refs/*',
      '[diff]\nnoprefix = true\nmnemonicPrefix = true\nalgorithm = patience\nrenames = copies\nrenameLimit = 1',
      '[diff]\nrelative = true\norderFile = /nowhere/order\nignoreSubmodules = all\nsubmodule = log\ncontext = 9',
      '[color]\nui = always\ndiff = always',
      '[core]\nabbrev = 4\nquotePath = true\ncommentChar = C\nbigFileThreshold = 1\nattributesFile = $ATTRIBUTES',
      '[i18n]\nlogOutputEncoding = UTF-16\ncommitEncoding = latin1',
      '[format]\npretty = oneline\nnotes = true',
      '[trailer]\nseparators = "="',
      '[trailer "co"]\nkey = Co-authored-by',
      '[mailmap]\nfile = $MAILMAP',
      '[user]\nname = Other\nemail = other@example.org',
    ].join('\n');
    const attributes = scratch.reserve('attributes');
    writeFileSync(attributes, '* -diff\n');
    const mailmap = scratch.reserve('mailmap');
    writeFileSync(mailmap, 'Somebody <else@example.org> <ada@example.org>\n');
    const config = settings.replace('$ATTRIBUTES', attributes).replace('$MAILMAP', mailmap);
    const home = scratch.reserve('home');
    mkdirSync(path.join(home, '.config', 'git'), { recursive: true });
    writeFileSync(path.join(home, '.gitconfig'), config);
    writeFileSync(path.join(home, '.config', 'git', 'attributes'), '* -diff\n');
    writeFileSync(path.join(repository.path, '.mailmap'), 'Somebody <else@example.org> <ada@example.org>\n');
    process.env['HOME'] = home;
    process.env['LANG'] = 'de_DE.UTF-8';
    process.env['GIT_CONFIG_COUNT'] = '1';
    process.env['GIT_CONFIG_KEY_0'] = 'diff.renames';
    process.env['GIT_CONFIG_VALUE_0'] = 'false';
    process.env['GIT_DIFF_OPTS'] = '--unified=7';
    process.env['GIT_DIR'] = path.join(scratch.path, 'not-this-one');
    process.env['GIT_INDEX_FILE'] = '/nowhere';
    process.env['GIT_OBJECT_DIRECTORY'] = '/nowhere';
    expect(await bodies(repository)).toEqual(expected);
    // The same settings in the repository itself, where only what cannot be switched off from outside is left out.
    writeFileSync(path.join(repository.path, '.git', 'config'), `${config}\n[core]\nrepositoryformatversion = 0\n`);
    expect(await bodies(repository)).toEqual(expected);
  });
});

describe('pull of a folder of somebody else', () => {
  it('reads it as any other', async () => {
    const repository = scratch.repository();
    const sha = repository.commit({ files: { a: 'x\n' } });
    repository.git(['config', 'user.email', 'ada@example.org']);
    // Only root can give a folder away; for others this is their own folder.
    const asRoot = process.getuid?.() === 0;
    for (const name of ['.', '.git', '.git/config'])
      if (asRoot) chownSync(path.join(repository.path, name), 65_534, 65_534);
    const refused = asRoot ? /dubious ownership/ : /^$/;
    expect(complaintOf(() => git(repository.path, ['log']))).toMatch(refused);
    const host = new MemoryHost();
    await host.pull(repository.path);
    expect(host.facts().reachable()).toEqual([sha]);
    expect(await readOwnEmail(repository.path)).toMatchObject({ email: 'ada@example.org' });
  });
});

describe('pull, when it cannot go on', () => {
  it('says that there is no git, and which version is needed', async () => {
    const repository = scratch.repository();
    const bin = scratch.reserve('bin');
    mkdirSync(bin);
    process.env['PATH'] = bin;
    const host = new MemoryHost();
    await expect(host.pull(repository.path)).rejects.toMatchObject({
      name: 'SourceUnreadable',
      code: 'tool_missing',
      message: expect.stringMatching(/no git on this machine.*2\.32/),
    });
    writeFileSync(path.join(bin, 'git'), '#!/bin/sh\necho git version 2.25.1\n');
    chmodSync(path.join(bin, 'git'), 0o755);
    await expect(host.pull(repository.path)).rejects.toMatchObject({
      code: 'tool_missing',
      message: expect.stringMatching(/too old \("git version 2\.25\.1"\).*2\.32/),
    });
    expect(host.events.size).toBe(0);
  });

  it('says that the folder is not there, is no repository, or lies inside one', async () => {
    const host = new MemoryHost();
    const nothing = scratch.reserve('nothing');
    await expect(host.pull(nothing)).rejects.toMatchObject({ code: 'not_found', retry: false });
    mkdirSync(nothing);
    await expect(host.pull(nothing)).rejects.toMatchObject({ code: 'not_a_source' });
    writeFileSync(path.join(nothing, 'file'), '');
    await expect(host.pull(path.join(nothing, 'file'))).rejects.toMatchObject({ code: 'not_a_source' });
    const repository = scratch.repository();
    repository.commit({ files: { 'src/a': '' } });
    await expect(host.pull(path.join(repository.path, 'src'))).rejects.toMatchObject({
      code: 'not_a_source',
      message: expect.stringContaining(`lies inside ${repository.path}:`),
    });
    expect(host.cursor).toBeNull();
  });

  it('tells a repository that vanished from one that was never there, and never reads another in its place', async () => {
    const outer = scratch.repository();
    outer.commit({ message: 'not this one' });
    const inner = path.join(outer.path, 'inner');
    git(outer.path, ['init', '-q', '-b', 'main', inner]);
    git(inner, ['commit', '-q', '--allow-empty', '-m', 'this one']);
    const host = new MemoryHost();
    await host.pull(inner);
    const events = host.events.size;
    renameSync(path.join(inner, '.git'), path.join(outer.path, 'aside'));
    await expect(host.pull(inner)).rejects.toMatchObject({ code: 'vanished', retry: true });
    writeFileSync(path.join(inner, '.git'), `gitdir: ${path.join(outer.path, '.git')}\n`);
    await expect(host.pull(inner)).rejects.toMatchObject({
      code: 'vanished',
      message: expect.stringContaining('another repository'),
    });
    rmSync(inner, { recursive: true });
    await expect(host.pull(inner)).rejects.toMatchObject({ code: 'vanished', retry: true });
    expect(host.events.size).toBe(events);
  });

  it('says so when the folder vanishes in the middle', async () => {
    const repository = scratch.repository();
    generateHistory(repository, 1500);
    const host = new MemoryHost();
    const failed = host.pull(repository.path, {
      onCapture: () => rmSync(repository.path, { recursive: true, force: true }),
    });
    await expect(failed).rejects.toMatchObject({ code: 'vanished', retry: true });
    expect(host.facts().reachable()).toEqual([]);
  });

  it("gives git's own words when the repository is damaged", async () => {
    const repository = scratch.repository();
    const sha = repository.commit({ files: { a: 'x\n' } });
    const tree = repository.git(['rev-parse', `${sha}^{tree}`]);
    rmSync(path.join(repository.path, '.git', 'objects', tree.slice(0, 2), tree.slice(2)));
    const host = new MemoryHost();
    await expect(host.pull(repository.path)).rejects.toMatchObject({
      code: 'failed',
      retry: false,
      message: expect.stringContaining(tree),
    });
    expect(host.keys('commit')).toEqual([]);
    writeFileSync(path.join(repository.path, '.git', 'config'), '[core\n');
    await expect(new MemoryHost().pull(repository.path)).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringMatching(/bad config/),
    });
  });

  it('says that it may not read', async () => {
    const repository = scratch.repository();
    repository.commit();
    const asRoot = process.getuid?.() === 0;
    chmodSync(scratch.path, 0o755);
    chmodSync(path.join(repository.path, '.git'), 0o700);
    if (!asRoot) chmodSync(path.join(repository.path, '.git'), 0o000);
    const host = new MemoryHost();
    try {
      // Root may read everything, so root becomes nobody for a moment.
      if (asRoot) process.seteuid?.(65_534);
      await expect(host.pull(repository.path)).rejects.toMatchObject({
        code: 'denied',
        message: expect.stringContaining(repository.path),
      });
    } finally {
      if (asRoot) process.seteuid?.(0);
      chmodSync(path.join(repository.path, '.git'), 0o700);
    }
  });

  it('stops git and captures nothing more when it is called off', async () => {
    const repository = scratch.repository();
    generateHistory(repository, 1500);
    const controller = new AbortController();
    const host = new MemoryHost();
    const reason = new Error('called off');
    const stopped = host.pull(repository.path, {
      signal: controller.signal,
      onCapture: (events) => (events.length > 1 ? controller.abort(reason) : undefined),
    });
    await expect(stopped).rejects.toBe(reason);
    const captured = host.events.size;
    expect(captured).toBeLessThan(1500);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(host.events.size).toBe(captured);
    await host.pull(repository.path);
    expect(host.facts().reachable()).toEqual(repository.reachable('main'));
  });

  it('hands a failure of the host on as it came', async () => {
    const repository = scratch.repository();
    generateHistory(repository, 1200);
    const fault = Object.assign(new Error('the store cannot be reached'), { code: 'EACCES', syscall: 'connect' });
    const host = new MemoryHost();
    const failed = host.pull(repository.path, {
      onCapture: (events) => {
        if (events.length > 1) throw fault;
      },
    });
    await expect(failed).rejects.toBe(fault);
  });
});

describe('pull, reporting', () => {
  it('captures in batches of at most 500 and reports each', async () => {
    const repository = scratch.repository();
    generateHistory(repository, 1200);
    const host = new MemoryHost();
    await host.pull(repository.path);
    const sizes = host.captured.map((batch) => batch.length);
    expect(Math.max(...sizes)).toBe(500);
    expect(host.progress.map(({ done, total }) => [done, total])).toEqual([
      [0, 1200],
      [500, 1200],
      [1000, 1200],
      [1200, 1200],
    ]);
    expect(host.progress[0]?.what).toBe(path.basename(repository.path));
  });
});
