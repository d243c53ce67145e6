import { Component, type ErrorInfo, type ReactElement, type ReactNode } from 'react';
import type { TileSpan } from '@devpulse/contract/widget';
import { Button } from './button.tsx';
import { Tile } from './tile.tsx';

export interface TileBoundaryProps {
  title: string;
  span: TileSpan;
  kind?: 'total' | 'chart' | undefined;
  /** Told of the error, to log it. */
  onError?: ((error: unknown, info: ErrorInfo) => void) | undefined;
  children: ReactNode;
}

/** Keeps one broken tile from breaking the page: says so in its place and size, and offers to draw it again. */
export class TileBoundary extends Component<TileBoundaryProps, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    this.props.onError?.(error, info);
  }

  override render(): ReactNode {
    return this.state.broken ? this.renderBroken() : this.props.children;
  }

  private renderBroken(): ReactElement {
    return (
      <Tile
        title={this.props.title}
        span={this.props.span}
        kind={this.props.kind}
        state="failed"
        reason="This tile could not be drawn. The others are not affected, and no number was lost."
        action={<Button onClick={() => this.setState({ broken: false })}>Draw it again</Button>}
      />
    );
  }
}
