import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import classes from './Chat.module.css';
import { Turn } from './Message';
import { Part } from './Part';
import { useSpoken } from './useSpoken';

/** Answer is what came back, growing while it arrives. */
export function Answer({ chat }: { chat: go.ChatOut }) {
  const { facts, answer, live } = chat;
  const spoken = useSpoken(answer, live);
  const failed = facts.error.message || facts.error.type;
  return (
    <>
      {(answer.length > 0 || live || !failed) && (
        <Turn who="assistant">
          {answer.map((part, at) => (
            <Part
              key={part.at}
              id={chat.id}
              part={part}
              fold={12_000}
              live={live && at === answer.length - 1}
            />
          ))}
          {answer.length === 0 && <Nothing chat={chat} />}
        </Turn>
      )}
      {failed && <Failure facts={facts} />}
      <p className={classes.spoken} role="status" aria-live="polite">
        {spoken}
      </p>
    </>
  );
}

function Nothing({ chat: { facts, live, state } }: { chat: go.ChatOut }) {
  if (live) {
    return (
      <span className={classes.faint}>
        {t('exchange.chat.waiting')}
        <span className={classes.caret} aria-hidden />
      </span>
    );
  }
  if (facts.embeddings > 0) return <span>{t('exchange.chat.vectors', { count: facts.embeddings })}</span>;
  if (facts.flagged) return <span>{t('exchange.chat.flagged')}</span>;
  const why =
    state === 'unsent'
      ? t('exchange.chat.unsent')
      : state === 'failed'
        ? t('exchange.chat.none')
        : t('exchange.chat.silent');
  return <span className={classes.faint}>{why}</span>;
}

function Failure({ facts: { error, provider } }: { facts: go.ChatFacts }) {
  const words = [error.status > 0 ? String(error.status) : '', error.type, error.code]
    .filter(Boolean)
    .join(' · ');
  return (
    <Alert
      className={classes.failure ?? ''}
      icon={<IconAlertTriangle size={18} />}
      title={t('exchange.chat.error', { provider: provider || 'other' })}
      variant="outline"
    >
      <div className={classes.text}>
        <Visible text={error.message} />
      </div>
      {words && (
        <div className={classes.faint}>
          <Visible text={words} />
        </div>
      )}
    </Alert>
  );
}
