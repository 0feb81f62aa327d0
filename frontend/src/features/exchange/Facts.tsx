import type { ReactNode } from 'react';
import type { go } from '../../api';
import { t } from '../../i18n';
import { formatMoney, formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import classes from './Chat.module.css';

/** Facts is the line above a conversation: who answered, how much, how it ended. What is not known is left out. */
export function Facts({ chat: { facts, live, state } }: { chat: go.ChatOut }) {
  const model = facts.model || facts.answered || facts.deployment;
  return (
    <ul className={classes.facts} aria-label={t('exchange.facts.label')}>
      {facts.provider && <Word value={facts.provider} strong />}
      {model && <Word value={model} strong />}
      {facts.answered && facts.model && facts.answered !== facts.model && (
        <Fact title={t('exchange.facts.answered')}>
          → <Visible text={facts.answered} />
        </Fact>
      )}
      <Word value={facts.family} />
      <Rpc rpc={facts.rpc} />
      <Tokens facts={facts} />
      {facts.cost >= 0 && <Fact title={t('exchange.facts.costTitle')}>{costOf(facts.cost)}</Fact>}
      {facts.choices > 1 && <Fact>{t('exchange.facts.choices', { count: facts.choices })}</Fact>}
      <End facts={facts} live={live} state={state} />
    </ul>
  );
}

// A cost in millionths of a dollar. What is too small to be written is not nothing.
function costOf(cost: number): string {
  const least = 100;
  return cost > 0 && cost < least
    ? t('exchange.facts.costLess', { cost: formatMoney(least / 1e6) })
    : t('exchange.facts.cost', { cost: formatMoney(cost / 1e6) });
}

function Fact({ children, title, tone }: { children: ReactNode; title?: string; tone?: string }) {
  return (
    <li title={title} data-tone={tone}>
      {children}
    </li>
  );
}

function Word({ value, strong = false }: { value: string; strong?: boolean }) {
  if (!value) return null;
  return (
    <Fact>
      {strong ? (
        <strong>
          <Visible text={value} />
        </strong>
      ) : (
        <Visible text={value} />
      )}
    </Fact>
  );
}

function Tokens({ facts: { input, output, total, cached, reasoning } }: { facts: go.ChatFacts }) {
  if (input < 0 && output < 0 && total < 0) return null;
  const more = [
    cached > 0 && t('exchange.facts.cached', { count: cached }),
    reasoning > 0 && t('exchange.facts.thought', { count: reasoning }),
  ].filter((word) => word !== false);
  return (
    <Fact>
      {input >= 0 && output >= 0
        ? t('exchange.facts.tokens', { input: formatNumber(input), output: formatNumber(output) })
        : t('exchange.facts.total', { count: Math.max(total, input, output) })}
      {more.length > 0 && <span className={classes.faint}> {more.join(', ')}</span>}
    </Fact>
  );
}

function Rpc({ rpc }: { rpc: go.ChatRPC }) {
  if (!rpc.method) return null;
  return (
    <>
      <Word value={rpc.method} strong />
      {rpc.server && <Word value={`${rpc.server} ${rpc.version}`.trim()} />}
      {rpc.state && <Word value={rpc.state} />}
      {rpc.failed && <Fact tone="bad">{t('exchange.facts.failed')}</Fact>}
    </>
  );
}

function End({ facts, live, state }: { facts: go.ChatFacts; live: boolean; state: string }) {
  return (
    <>
      {facts.streamed && <Fact>{t('exchange.facts.events', { count: facts.events })}</Fact>}
      {facts.finish && (
        <Fact title={t('exchange.facts.finish')}>
          <Visible text={facts.detail ? `${facts.finish}: ${facts.detail}` : facts.finish} />
        </Fact>
      )}
      {live && (
        <Fact tone="live">{state === 'open' ? t('exchange.facts.open') : t('exchange.facts.streaming')}</Fact>
      )}
      {!live && facts.streamed && !facts.complete && <Fact tone="warn">{t('exchange.facts.broken')}</Fact>}
      {facts.confidence === 'low' && <Fact tone="warn">{t('exchange.facts.guess')}</Fact>}
    </>
  );
}
