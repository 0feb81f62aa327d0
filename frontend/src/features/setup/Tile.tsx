import { Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useNav } from '../../frame/nav';
import classes from './setup.module.css';

interface TileProps {
  icon: ReactNode;
  title: string;
  text?: ReactNode;
  /** what was seen of it, in a few words */
  status?: ReactNode;
  /** the param that leads here */
  section?: string;
  wide?: boolean;
  children?: ReactNode;
}

/** Tile is one way to connect something. A screen that leads here by its section puts the focus on it. */
export function Tile({ icon, title, text, status, section, wide, children }: TileProps) {
  const id = useId();
  const ref = useRef<HTMLElement>(null);
  const wanted = useNav((nav) => section !== undefined && nav.params.section === section);
  useEffect(() => {
    if (!wanted) return;
    ref.current?.scrollIntoView({ block: 'start' });
    ref.current?.focus({ preventScroll: true });
  }, [wanted]);
  return (
    <section ref={ref} className={classes.tile} data-wide={wide} aria-labelledby={id} tabIndex={-1}>
      <div className={classes.head}>
        <span className={classes.icon} aria-hidden>
          {icon}
        </span>
        <Title order={2} size="h5" id={id}>
          {title}
        </Title>
        {status && <div className={classes.status}>{status}</div>}
      </div>
      {text && (
        <Text size="sm" c="dimmed">
          {text}
        </Text>
      )}
      {children}
    </section>
  );
}
