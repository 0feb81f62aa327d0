import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ErrorState, Loading } from '../../frame/ui';
import { t } from '../../i18n';
import classes from './Detail.module.css';

interface DetailProps {
  /** what it is, for those who cannot see it */
  label: string;
  /** F6 stops here */
  pane: string;
  /** what it is about: another one begins at its top */
  about: string;
  /** nothing while it is on its way */
  title: ReactNode;
  error?: unknown;
  onRetry?: () => void;
  onClose(): void;
  /** nothing while it is on its way */
  children: ReactNode;
}

/** Detail is the frame of what is open beside a list: its name, what closes it, and all that is known of it. */
export function Detail({ label, pane, about, title, error, onRetry, onClose, children }: DetailProps) {
  const waiting = !title && !error;
  return (
    <article className={classes.detail} data-pane={pane} aria-label={label} aria-busy={waiting}>
      <div className={classes.detailHead}>
        {title ? <h2 className={classes.detailTitle}>{title}</h2> : <span />}
        <ActionIcon aria-label={t('inventory.detail.close')} onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </div>
      <div className={classes.detailBody} key={about}>
        {error ? <ErrorState error={error} {...(onRetry && { onRetry })} /> : null}
        {waiting && <Loading rows={8} />}
        {children}
      </div>
    </article>
  );
}
