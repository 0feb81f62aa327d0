// Small things that every tab of Home shows.
import { Title, UnstyledButton } from '@mantine/core';
import {
  IconAlertTriangle,
  IconBan,
  IconCircleDashed,
  IconHelpCircle,
  IconShieldCheck,
  type TablerIcon,
} from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useId } from 'react';
import { ErrorState, Loading } from '../../frame/ui';
import { Visible } from '../../theme/Visible';
import classes from './parts.module.css';
import { opener, refWord } from './refs';
import { itemWord } from './words';

interface CardProps {
  title: string;
  /** what stands at the end of the title */
  aside?: ReactNode;
  className?: string | undefined;
  children: ReactNode;
}

/** Card is a part of the page with what it is about above it. */
export function Card({ title, aside, className, children }: CardProps) {
  const id = useId();
  return (
    <section className={`${classes.card} ${className ?? ''}`} aria-labelledby={id}>
      <div className={classes.cardHead}>
        <Title id={id} order={2} size="h3">
          {title}
        </Title>
        {aside}
      </div>
      {children}
    </section>
  );
}

interface AnsweredProps<T> {
  query: UseQueryResult<T>;
  /** lines that the answer is likely to have */
  rows: number;
  children(data: T): ReactNode;
}

/** Answered is what was asked for; while it is on its way its place, and where it cannot be had, why. */
export function Answered<T>({ query, rows, children }: AnsweredProps<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.isError) {
    return (
      <div className={classes.failed}>
        <ErrorState error={query.error} onRetry={() => query.refetch()} />
      </div>
    );
  }
  return <Loading rows={rows} />;
}

const icons: Record<string, TablerIcon> = {
  vulnerable: IconAlertTriangle,
  resisted: IconShieldCheck,
  tested: IconHelpCircle,
  not_tested: IconCircleDashed,
  not_testable: IconBan,
};

/** ItemSign is how an item stands, as a shape. */
export function ItemSign({ state, size = 15 }: { state: string; size?: number }) {
  const Icon = icons[state] ?? IconCircleDashed;
  return <Icon size={size} aria-hidden className={classes.sign} data-state={state} />;
}

/** ItemState is how an item stands: a shape, a word and a colour. */
export function ItemState({ state }: { state: string }) {
  return (
    <span className={classes.state} data-state={state}>
      <ItemSign state={state} />
      {itemWord(state)}
    </span>
  );
}

/** Evidence is a link to what proves something; without a place to go to it is text. */
export function Evidence({ evidence, label }: { evidence: string; label?: string }) {
  const open = opener(evidence);
  const word = label || refWord(evidence);
  if (!open) return <Visible text={word} />;
  return (
    <UnstyledButton className={classes.link ?? ''} onClick={open}>
      <Visible text={word} />
    </UnstyledButton>
  );
}

/** Empty says why a part has nothing to show, and what would bring something. */
export function Empty({ children }: { children: ReactNode }) {
  return <div className={classes.none}>{children}</div>;
}
