import type { Answered, Question } from './open-asker.ts';
import { readBody } from './read-answer.ts';

/**
 * Who asks what is being asked already gets the same answer. Nothing is kept after it has come, least of all a failure. A client
 * has one credential, so what one viewer may see never reaches another.
 */
export function shareFlights(
  ask: (question: Question) => Promise<Answered>,
): (question: Question) => Promise<Answered> {
  const flights = new Map<string, Promise<Answered>>();
  return async (question) => {
    const key = JSON.stringify([question.method, question.url.href, question.headers, question.allow]);
    const running = flights.get(key);
    // Read once more for each: what one of them changes in its copy is nobody else's.
    if (running !== undefined) return reread(await running);
    const flight = ask(question).finally(() => flights.delete(key));
    flights.set(key, flight);
    return flight;
  };
}

function reread(answered: Answered): Answered {
  const copy = { ...answered, body: answered.body.slice() };
  return { ...copy, read: readBody(copy) };
}
