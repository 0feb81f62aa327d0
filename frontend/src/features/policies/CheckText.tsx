import { Button, MultiSelect, Select, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { api, type go } from '../../api';
import { useCommand } from '../../commands';
import { ErrorState } from '../../frame/ui';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import base from '../inventory/inventory.module.css';
import { Nothing, Scrolls } from '../inventory/parts';
import classes from './CheckText.module.css';
import { Action } from './parts';
import { pieces } from './pieces';
import { usePolicies, usePolicyWords } from './queries';
import { usePoliciesScreen } from './store';
import { roleWord, signWord } from './words';

interface Answer {
  /** the text that was checked */
  text: string;
  out: go.PolicyCheckOut;
}

/** CheckText says what policies would do with a text. Nothing is sent or kept. */
export function CheckText() {
  const { text, role, asked } = usePoliciesScreen();
  const roles = usePolicyWords().data?.roles ?? [role];
  const items = usePolicies().data?.items ?? [];
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const known = asked.filter((id) => items.some((item) => item.id === id));
  const check = async () => {
    setFailed(null);
    try {
      const out = await api.policies.CheckText({ asked: { ids: known, drafts: [] }, text, role });
      setAnswer({ text, out });
    } catch (reason) {
      setFailed(reason);
    }
  };
  useCommand('policies.submit', () => void check(), text !== '');
  return (
    <div className={classes.sides}>
      <Scrolls className={classes.side} label={t('policies.check.title')} pane="policies-check">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void check();
          }}
        >
          <Stack gap="sm">
            <p className={base.nothing}>{t('policies.check.text')}</p>
            <Select
              label={t('policies.check.role')}
              data={roles.map((value) => ({ value, label: roleWord(value) }))}
              value={role}
              allowDeselect={false}
              onChange={(next) => next && usePoliciesScreen.setState({ role: next })}
            />
            <Textarea
              label={t('policies.check.what')}
              autosize
              minRows={6}
              maxRows={18}
              spellCheck={false}
              value={text}
              onChange={(event) => usePoliciesScreen.setState({ text: event.currentTarget.value })}
            />
            <MultiSelect
              label={t('policies.preview.which')}
              placeholder={
                known.length === 0
                  ? t('policies.preview.thoseOn', { n: items.filter(({ form }) => form.on).length })
                  : ''
              }
              data={items.map(({ id, form }) => ({ value: id, label: form.name }))}
              value={known}
              searchable
              clearable
              hidePickedOptions
              onChange={(ids) => usePoliciesScreen.setState({ asked: ids })}
            />
            {failed !== null && <ErrorState error={failed} />}
            <Button type="submit" className={classes.fit ?? ''} disabled={text === ''}>
              {t('policies.check.button')}
            </Button>
          </Stack>
        </form>
      </Scrolls>
      <Scrolls className={classes.side} label={t('policies.check.result')} pane="policies-checked">
        {answer ? <Result {...answer} /> : <Nothing>{t('policies.check.nothing')}</Nothing>}
      </Scrolls>
    </div>
  );
}

function Result({ text, out }: Answer) {
  if (out.policies === 0) return <Nothing>{t('policies.check.nobody')}</Nothing>;
  return (
    <Stack gap="sm">
      <p className={classes.verdict} role="status">
        {out.action ? (
          <>
            <Action action={out.action} />{' '}
            {t('policies.check.would', { n: out.items.length, of: out.policies })}
          </>
        ) : (
          t('policies.check.passes', { of: out.policies })
        )}
      </p>
      <Marked text={text} items={out.items} />
      {out.items.map((item) => (
        <section key={item.id} className={base.card} aria-label={item.name}>
          <div className={base.cardHead}>
            <h2 className={classes.name}>
              <Visible text={item.name} />
            </h2>
            <Action action={item.action} />
          </div>
          <p className={base.paragraph}>
            <Visible text={item.reason} />
          </p>
          <ul className={base.bullets}>
            {item.signs.map((sign, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: signs of one ruling in order
              <li key={at}>
                {signWord(sign.kind)}
                {sign.name && (
                  <>
                    {' '}
                    <code>
                      <Visible text={sign.name} />
                    </code>
                  </>
                )}{' '}
                <span className={base.dim}>{t('policies.check.sure', { score: sign.score })}</span>{' '}
                <Visible text={sign.why} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Stack>
  );
}

// The text with what decided marked in it.
function Marked({ text, items }: { text: string; items: go.RulingRow[] }) {
  const { shown, left } = pieces(
    text,
    items.flatMap(({ signs }) => signs),
  );
  return (
    <div className={classes.marked}>
      {shown.map(({ text: part, signs }, at) =>
        signs.length > 0 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text in order
          <mark key={at} title={signs.map(({ kind, why }) => `${signWord(kind)}: ${why}`).join('\n')}>
            <Visible text={part} />
          </mark>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text in order
          <Visible key={at} text={part} />
        ),
      )}
      {left > 0 && <span className={base.dim}> {t('policies.check.cut', { n: formatNumber(left) })}</span>}
    </div>
  );
}
