import { Button, Group } from '@mantine/core';
import { IconBug } from '@tabler/icons-react';
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { t } from '../i18n';
import { Copy, EmptyState } from './ui';

interface Props {
  /** what failed, for the report */
  name: string;
  children: ReactNode;
}

interface State {
  error: Error | undefined;
  where: string;
}

/** ErrorBoundary keeps the fault of one screen to that screen, and lets it be reported and tried again. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { error: undefined, where: '' };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch(_: unknown, info: ErrorInfo): void {
    this.setState({ where: info.componentStack ?? '' });
  }

  override render(): ReactNode {
    const { error, where } = this.state;
    if (!error) return this.props.children;
    const details = [this.props.name, String(error), error.stack ?? '', where].join('\n');
    return (
      <EmptyState
        icon={<IconBug size={26} />}
        title={t('frame.fault.title')}
        text={t('frame.fault.text', { error: error.message })}
        actions={
          <Group>
            <Button onClick={() => this.setState({ error: undefined, where: '' })}>
              {t('frame.fault.reload')}
            </Button>
            <Copy text={details} label={t('frame.fault.copy')} />
          </Group>
        }
      />
    );
  }
}
