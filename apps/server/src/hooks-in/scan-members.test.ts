import { describe, expect, it } from 'vitest';
import { scanMembers } from './scan-members.ts';

const wanted = ['installation.id', 'action', 'repository.id', 'repository.full_name'];
const scan = async (text: string | Buffer): Promise<object> =>
  Object.fromEntries(await scanMembers(Buffer.from(text), wanted));

describe('scanMembers', () => {
  it.each([
    [
      'what stands at the top and one below',
      '{"action":"opened","repository":{"id":5,"full_name":"ada/site"},"installation":{"id":7}}',
      { action: 'opened', 'repository.id': 5, 'repository.full_name': 'ada/site', 'installation.id': 7 },
    ],
    ['blanks anywhere', '\ufeff { "installation" :\n { "node_id" : "x" , "id"\t: 12 } } ', { 'installation.id': 12 }],
    ['nothing that lies deeper', '{"deployment":{"installation":{"id":1},"payload":{"installation":{"id":2}}}}', {}],
    ['nothing within lists', '[{"installation":{"id":1}}]', {}],
    ['nothing within lists one below', '{"installation":[{"id":1},"id",3]}', {}],
    [
      'nothing that stands in a text',
      '{"body":"\\"installation\\":{\\"id\\":1} \\\\","installation":{"id":2}}',
      { 'installation.id': 2 },
    ],
    ['escaped names and values', '{"\\u0061ction":"a\\"b\\\\"}', { action: 'a"b\\' }],
    ['the first of two', '{"installation":{"id":1},"installation":{"id":2}}', { 'installation.id': 1 }],
    ['names of the level before as none of the next', '{"installation":1,"x":{"id":2}}', {}],
    ['an id that is a text as such', '{"installation":{"id":"9"}}', { 'installation.id': '9' }],
  ])('reads %s', async (_name, text, found) => {
    expect(await scan(text)).toEqual(found);
  });

  it.each(['', '{', '"', '"\\', '{"action":', '}}]]', '{"action"', '{"a":"\\', '\u0000', '{"installation":{"id":-'])(
    'comes to an end with %j',
    async (text) => {
      expect(await scan(text)).toEqual({});
    },
  );

  it('walks through large bodies and reads what stands at their end', async () => {
    const filler = `"${'\\"x\\\\'.repeat(200_000)}"`;
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(await scan(`{"a":${filler},"b":${deep},"installation":{"id":3}}`)).toEqual({ 'installation.id': 3 });
  });
});
