import { Select, Textarea, TextInput } from '@mantine/core';
import { api, type go } from '../../api';
import { t } from '../../i18n';
import { formatNumber } from '../../i18n/format';
import { Visible } from '../../theme/Visible';
import { useEdit } from './edits';
import { useKept } from './queries';
import classes from './repeater.module.css';

/** Cards are the texts and settings of a request, each to be edited by itself; every other byte of it stays. */
export function Cards({ form }: { form: go.Form }) {
  const known = form.family !== '';
  return (
    <div className={classes.cards}>
      {!known && form.cards.length > 0 && <p className={classes.hint}>{t('repeater.request.unknown')}</p>}
      {form.cards.length === 0 && <p className={classes.hint}>{t('repeater.request.no_cards')}</p>}
      {form.params.length > 0 && (
        <fieldset className={classes.params}>
          <legend>{t('repeater.request.settings')}</legend>
          {form.params.map((param) => (
            <Setting key={param.ref} tab={form.tab.id} param={param} />
          ))}
        </fieldset>
      )}
      {form.cards.map((card, n) => (
        <TextCard key={card.ref} tab={form.tab.id} card={card} n={n + 1} />
      ))}
      {form.other > 0 && <p className={classes.hint}>{t('repeater.request.other', { n: form.other })}</p>}
      {form.tools.length > 0 && (
        <p className={classes.hint}>
          <Visible text={t('repeater.request.tools', { names: form.tools.join(', ') })} />
        </p>
      )}
    </div>
  );
}

const tones: Record<string, string> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  human: 'user',
  assistant: 'assistant',
  model: 'assistant',
  tool: 'tool',
  function: 'tool',
};

function TextCard({ tab, card, n }: { tab: string; card: go.Card; n: number }) {
  const kept = useKept(tab);
  const { ref } = card;
  const edit = useEdit(card.text, async (text) => kept(await api.repeater.SetSlot({ tab, ref, text })));
  const role = card.role || t('repeater.request.no_role');
  return (
    <section className={classes.card} data-role={tones[card.role]}>
      <header>
        <span className={classes.role}>
          <Visible text={role} />
        </span>
        <code className={classes.ref}>
          <Visible text={ref} />
        </code>
      </header>
      <Textarea
        autosize
        minRows={2}
        maxRows={18}
        spellCheck={false}
        aria-label={t('repeater.request.card', { role, n: formatNumber(n) })}
        classNames={{ input: classes.words ?? '' }}
        value={edit.value}
        onChange={(event) => edit.change(event.currentTarget.value)}
        onBlur={edit.leave}
      />
    </section>
  );
}

function Setting({ tab, param }: { tab: string; param: go.Param }) {
  const kept = useKept(tab);
  const { ref } = param;
  const edit = useEdit(param.value, async (value) => kept(await api.repeater.SetParam({ tab, ref, value })));
  if (param.kind === 'boolean') {
    return (
      <Select
        size="xs"
        label={param.name}
        data={['true', 'false']}
        allowDeselect={false}
        value={edit.value}
        onChange={(value) => {
          if (!value) return;
          edit.change(value);
          void edit.leave();
        }}
      />
    );
  }
  return (
    <TextInput
      size="xs"
      label={param.name}
      title={ref}
      spellCheck={false}
      inputMode={param.kind === 'number' ? 'decimal' : 'text'}
      value={edit.value}
      onChange={(event) => edit.change(event.currentTarget.value)}
      onBlur={edit.leave}
    />
  );
}
