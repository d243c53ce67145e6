import type { Permission } from '@devpulse/contract/permissions';
import type { App, RegisterRoutes } from '../../deps.ts';
import { type ApiOperation, listOperations, readApiDocument } from '../../reference/api-document.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A route of the API as the document has it. */
export interface ApiRoute {
  method: Method;
  /** With `{id}` where something has to be filled in. */
  path: string;
  operation: ApiOperation;
  /** Null: open to all. */
  permission: Permission | null;
}

/** `POST /api/v1/people/{id}` */
export function nameOf(route: { method: string; path: string }): string {
  return `${route.method} ${route.path}`;
}

/** Every operation that the document has. */
export function listRoutes(app: App): ApiRoute[] {
  return listOperations(readApiDocument(app)).map(({ method, path, operation }) => ({
    method: method as Method,
    path,
    operation,
    permission: (operation['x-permission'] as Permission | undefined) ?? null,
  }));
}

/** Does this route change something, as its method says? */
export function isUnsafe(route: { method: string }): boolean {
  return route.method !== 'GET' && route.method !== 'HEAD';
}

/** A route as it was really added, with all that its options say. */
export interface AddedRoute {
  method: string;
  url: string;
  permission: string | undefined;
  limit: string | undefined;
  bodyLimit: number | undefined;
  isDescribed: boolean;
}

/** An area that adds nothing and notes what the others add. */
export function collectAdded(): { area: RegisterRoutes; added: AddedRoute[] } {
  const added: AddedRoute[] = [];
  return {
    added,
    area: (app) => {
      app.addHook('onRoute', (route) => {
        for (const method of [route.method].flat())
          added.push({
            method,
            url: route.url,
            permission: route.config?.permission,
            limit: route.config?.limit,
            bodyLimit: route.bodyLimit,
            isDescribed: route.schema !== undefined && route.schema.hide !== true,
          });
      });
    },
  };
}
