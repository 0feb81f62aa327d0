import { SegmentedControl, Switch } from '@mantine/core';
import { useState } from 'react';
import { Split } from '../../frame/Split';
import { t } from '../../i18n';
import classes from './Bodies.module.css';
import { BodyPane } from './BodyPane';
import type { PaneProps, Side } from './pane';

interface BodiesProps extends PaneProps {
  form: 'pretty' | 'raw';
}

// What a person chose last holds for every exchange.
const chosen = { wide: true, wrap: true, part: 50 };

/** Bodies shows both messages as text: laid out for reading (pretty), or head and body as recorded (raw). */
export default function Bodies({ id, heads, news, answerOnly, form }: BodiesProps) {
  const [wide, setWide] = useState(chosen.wide);
  const [wrap, setWrap] = useState(chosen.wrap);
  const [part, setPart] = useState(chosen.part);
  const [wire, setWire] = useState(false);
  const [active, setActive] = useState<Side>(answerOnly || heads.response.seen ? 'response' : 'request');
  chosen.wide = wide;
  chosen.wrap = wrap;
  chosen.part = part;
  const coded = heads.request.body.coding || heads.response.body.coding;
  const pane = (side: Side) => (
    <BodyPane
      key={side}
      id={id}
      side={side}
      head={side === 'request' ? heads.request : heads.response}
      form={form === 'pretty' ? 'pretty' : wire ? 'wire' : 'text'}
      withHead={form === 'raw'}
      wrap={wrap}
      news={news}
      active={answerOnly || active === side}
      onActive={() => setActive(side)}
    />
  );
  return (
    <div className={classes.bodies}>
      <div className={classes.bar}>
        {!answerOnly && (
          <SegmentedControl
            size="xs"
            value={wide ? 'beside' : 'below'}
            onChange={(value) => setWide(value === 'beside')}
            aria-label={t('exchange.body.layout')}
            data={[
              { value: 'beside', label: t('exchange.body.beside') },
              { value: 'below', label: t('exchange.body.below') },
            ]}
          />
        )}
        <Switch
          size="xs"
          label={t('exchange.body.wrap')}
          checked={wrap}
          onChange={(event) => setWrap(event.currentTarget.checked)}
        />
        {form === 'raw' && coded && (
          <Switch
            size="xs"
            label={t('exchange.body.wire')}
            checked={wire}
            onChange={(event) => setWire(event.currentTarget.checked)}
          />
        )}
      </div>
      {answerOnly ? (
        pane('response')
      ) : (
        <Split
          label={t('exchange.body.divide')}
          wide={wide}
          part={part}
          onPart={setPart}
          first={pane('request')}
          second={pane('response')}
        />
      )}
    </div>
  );
}
