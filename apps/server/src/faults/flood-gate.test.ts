import { describe, expect, it } from 'vitest';
import { FloodGate, kindsPerMinute, passesPerMinute } from './flood-gate.ts';

function watchGate() {
  const passed: { item: number; unwritten: number }[] = [];
  let told = 0;
  const gate = new FloodGate<number>({
    onPass: (item, unwritten) => passed.push({ item, unwritten }),
    onTooMany: () => (told += 1),
  });
  return { gate, passed, told: () => told };
}

describe('FloodGate', () => {
  it('lets the first ones through at once, and the newest of the rest at the end, saying how many it stands for', () => {
    const { gate, passed } = watchGate();
    for (let item = 1; item <= 1000; item += 1) gate.pass('same', item);
    expect(passed).toHaveLength(passesPerMinute - 1);
    gate.open();
    expect(passed).toHaveLength(passesPerMinute);
    expect(passed.at(-1)).toEqual({ item: 1000, unwritten: 1000 - passesPerMinute });
    gate.open();
    expect(passed).toHaveLength(passesPerMinute);
  });

  it('keeps kinds apart, up to a number, and says once that there are more', () => {
    const { gate, passed, told } = watchGate();
    for (let kind = 0; kind < kindsPerMinute + 5; kind += 1) gate.pass(`kind ${kind}`, kind);
    expect(passed.map(({ item }) => item)).toEqual(Array.from({ length: kindsPerMinute }, (_, kind) => kind));
    expect(told()).toBe(1);
    gate.open();
    gate.pass('another', 99);
    expect(passed.at(-1)).toEqual({ item: 99, unwritten: 0 });
  });
});
