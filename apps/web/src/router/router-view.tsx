import {
  Component,
  type ComponentType,
  createContext,
  type ReactElement,
  type ReactNode,
  startTransition,
  Suspense,
  use,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import type { Router } from './create-router.ts';
import type { Shown } from './prepare-visit.ts';

export const RouterContext = createContext<Router | null>(null);
export const ShownContext = createContext<Shown | null>(null);
const DepthContext = createContext(0);

/** Draws whatever the router shows. */
export function RouterView({ router, onArrived }: { router: Router; onArrived: () => void }): ReactElement | null {
  const [shown, setShown] = useState(router.shown);
  useEffect(() => {
    // As a transition: the page before stays until the next one can be drawn whole.
    const leave = router.subscribe((next) => startTransition(() => setShown(next)));
    setShown(router.shown);
    return leave;
  }, [router]);
  useLayoutEffect(() => {
    if (shown === router.shown) router.arrive();
  }, [router, shown]);
  const pathname = shown?.address.pathname;
  const before = useRef(pathname);
  useEffect(() => {
    if (before.current !== undefined && before.current !== pathname) onArrived();
    before.current = pathname;
  }, [pathname, onArrived]);
  if (shown === null) return null;
  return (
    <RouterContext value={router}>
      <ShownContext value={shown}>
        <Suspense fallback={null}>
          <Outlet />
        </Suspense>
      </ShownContext>
    </RouterContext>
  );
}

/** The place of a page within what stands around it. */
export function Outlet(): ReactElement | null {
  const router = use(RouterContext);
  const shown = use(ShownContext);
  const depth = use(DepthContext);
  if (router === null || shown === null) return null;
  const route = shown.chain[depth];
  const NotFound = router.options.notFound;
  if (route === undefined) return shown.found ? null : <NotFound />;
  const Failed = route.errorComponent ?? router.options.failed;
  if (shown.failure?.depth === depth) return <Failed error={shown.failure.error} />;
  const Page = route.component ?? Outlet;
  return (
    <DepthContext value={depth + 1}>
      <RouteBoundary shown={shown} failed={Failed}>
        <Page />
      </RouteBoundary>
    </DepthContext>
  );
}

interface BoundaryProps {
  shown: Shown;
  failed: ComponentType<{ error: unknown }>;
  children: ReactNode;
}
interface BoundaryState {
  failure: { error: unknown } | null;
  of: Shown | null;
}

/** Keeps a page that cannot be drawn from taking everything around it along; the next address is tried anew. */
class RouteBoundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { failure: null, of: null };

  static getDerivedStateFromError(error: unknown): Partial<BoundaryState> {
    return { failure: { error } };
  }

  static getDerivedStateFromProps({ shown }: BoundaryProps, { of }: BoundaryState): Partial<BoundaryState> | null {
    return shown === of ? null : { of: shown, failure: null };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    const Failed = this.props.failed;
    return failure === null ? this.props.children : <Failed error={failure.error} />;
  }
}
