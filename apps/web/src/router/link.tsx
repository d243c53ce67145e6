import { type ComponentProps, type MouseEvent, type ReactElement, useEffect, useRef } from 'react';
import type { Destination } from './address.ts';
import { useLocation, useRouter } from './use-router.ts';

export interface LinkProps extends Destination, Omit<ComponentProps<'a'>, 'href' | keyof Destination> {
  /** Marked as the page one is on also where one is on a page beneath it. */
  within?: boolean | undefined;
}

/** Long enough that a pointer on its way across does not fetch everything it passes. */
const intentMs = 50;

/** A link to another page, which is fetched as soon as somebody means to press it. */
export function Link({ to, params, search, hash, replace, within, onClick, ...rest }: LinkProps): ReactElement {
  const router = useRouter();
  const { pathname } = useLocation();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const destination: Destination = { to, params, search, hash, replace };
  const href = router.hrefOf(destination);
  const mean = (): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => router.preload(destination), intentMs);
  };
  const turnAway = (): void => clearTimeout(timer.current);
  const press = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event);
    if (event.defaultPrevented || !isPlainPress(event) || rest.target !== undefined) return;
    event.preventDefault();
    void router.navigate(destination);
  };
  return (
    <a
      aria-current={isCurrent(href, pathname, within === true) ? 'page' : undefined}
      {...rest}
      href={href}
      onClick={press}
      onPointerEnter={mean}
      onPointerLeave={turnAway}
      onFocus={mean}
      onBlur={turnAway}
    />
  );
}

/** Anything else opens a new tab or window, which is the browser's business. */
function isPlainPress(event: MouseEvent): boolean {
  return event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
}

function isCurrent(href: string, pathname: string, within: boolean): boolean {
  const path = href.replace(/[?#].*/, '');
  return path === pathname || (within && path !== '/' && pathname.startsWith(`${path}/`));
}
