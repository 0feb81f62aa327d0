import { Button, Text, Title } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useNav } from '../../frame/nav';
import { t } from '../../i18n';
import classes from './home.module.css';

interface Props {
  exchanges: number;
  conversations: number;
  resent: boolean;
}

/** Steps are the way from nothing to the first proof, with ticks for what is done. */
export function Steps({ exchanges, conversations, resent }: Props) {
  const go = useNav((nav) => nav.go);
  const done = [exchanges > 0, conversations > 0, resent];
  const next = done.indexOf(false);
  return (
    <ol className={classes.steps} aria-label={t('home.steps.label')}>
      <Step n={1} done={exchanges > 0} title={t('home.steps.connect')} text={t('home.steps.connectText')}>
        <Button variant={next === 0 ? 'filled' : 'default'} onClick={() => go('setup')}>
          {t('home.steps.connectButton')}
        </Button>
      </Step>
      <Step n={2} done={conversations > 0} title={t('home.steps.see')} text={t('home.steps.seeText')}>
        <Button variant={next === 1 ? 'filled' : 'default'} onClick={() => go('traffic')}>
          {t('home.steps.seeButton')}
        </Button>
      </Step>
      <Step n={3} done={resent} title={t('home.steps.resend')} text={t('home.steps.resendText')}>
        <Button variant={next === 2 ? 'filled' : 'default'} onClick={() => go('repeater')}>
          {t('home.steps.resendButton')}
        </Button>
      </Step>
    </ol>
  );
}

interface StepProps {
  n: number;
  done: boolean;
  title: string;
  text: string;
  children: ReactNode;
}

function Step({ n, done, title, text, children }: StepProps) {
  return (
    <li className={classes.step} data-done={done || undefined}>
      <span
        className={classes.tick}
        role="img"
        aria-label={done ? t('home.steps.done') : t('home.steps.open')}
      >
        {done ? <IconCheck size={16} aria-hidden /> : n}
      </span>
      <Title order={2} size="h3">
        {title}
      </Title>
      <Text c="dimmed" className={classes.stepText ?? ''}>
        {text}
      </Text>
      {children}
    </li>
  );
}
