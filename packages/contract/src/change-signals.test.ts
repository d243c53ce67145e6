import { describe, expect, it } from 'vitest';
import { changeSignals, findMarks } from './change-signals.ts';

describe('the signals of a change', () => {
  it('are told apart by their marks, each with its reason, and fit into the facts', () => {
    const marks = changeSignals.map(({ mark }) => mark);
    expect(new Set(marks).size).toBe(marks.length);
    for (const { mark, says, pattern, reason } of changeSignals) {
      expect(mark.startsWith(`${says}:`)).toBe(true);
      expect(mark.length).toBeLessThanOrEqual(60);
      expect(pattern).toBe(pattern.toLowerCase());
      expect(reason).toMatch(/^.{16,}\.$/);
    }
  });

  it.each(changeSignals)('finds $mark, whatever its case', ({ mark, where, pattern }) => {
    const shown = pattern.toUpperCase();
    expect(where === 'branch' ? findMarks(`${shown}x`, '') : findMarks('main', `Before ${shown} behind`)).toContain(
      mark,
    );
  });

  it('finds a branch by its beginning only', () => {
    expect(findMarks('fix/claude/x', '')).toEqual([]);
    expect(findMarks('claudette/x', '')).toEqual([]);
  });

  it('finds several, sorted, and none in ordinary text', () => {
    const text =
      '🤖 Generated with [Claude Code](https://claude.com/claude-code)\n\nCo-Authored-By: Claude <noreply@anthropic.com>';
    expect(findMarks('claude/fix-42', text)).toEqual([
      'agent:branch claude/',
      'assisted:Generated with Claude Code',
      'assisted:co-author Claude',
    ]);
    expect(findMarks('feature', 'Ask Claude about the cursor; renovate the kitchen.')).toEqual([]);
  });

  it('looks at both ends of a text of any length', () => {
    const long = 'x'.repeat(5_000_000);
    expect(findMarks('main', `${long}\n<!--renovate-debug:abc-->`)).toEqual(['automation:note of Renovate']);
    expect(findMarks('main', `<!--renovate-debug:abc-->${long}`)).toEqual(['automation:note of Renovate']);
    expect(findMarks('main', `${long}<!--renovate-debug:abc-->${long}`)).toEqual([]);
  });
});
