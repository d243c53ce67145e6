import { GraphQLError } from 'graphql';
import { levelOf } from '../front/access.ts';
import type { Ask } from '../front/state.ts';
import { findAccount, findMoved, findRepository } from '../world/open-world.ts';
import { actorNode } from './nodes.ts';
import { repositoryNode } from './repository-node.ts';

/** What a query starts from, for whoever asks. */
export function rootOf(ask: Ask) {
  const { world, state, token, viewer } = ask;
  return {
    viewer: () => actorNode(world, viewer ?? token?.account ?? null),
    rateLimit: () => {
      const { limit, remaining, reset } = state.limits.state(ask.who, 'graphql');
      const resetAt = new Date(reset * 1000).toISOString();
      return { limit, remaining, used: limit - remaining, cost: 1, nodeCount: 1, resetAt };
    },
    user: ({ login }: { login: string }) => actorNode(world, findAccount(world, login) ?? null),
    organization: ({ login }: { login: string }) => actorNode(world, findAccount(world, login) ?? null),
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const fullName = `${owner}/${name}`;
      const found = findRepository(world, fullName) ?? findMoved(world, fullName);
      if (found === undefined || levelOf(state, token, found) === 'none') {
        const message = `Could not resolve to a Repository with the name '${fullName}'.`;
        throw new GraphQLError(message, { extensions: { type: 'NOT_FOUND' } });
      }
      return repositoryNode(world, found);
    },
  };
}
