import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { go } from '../../api';
import { Copy } from '../../frame/ui';
import { t } from '../../i18n';
import { Visible } from '../../theme/Visible';
import base from './inventory.module.css';
import { Nothing, Scrolls } from './parts';

const nameOf = (shape: go.EndpointShape) => `${shape.side} ${shape.status}`.trim();

// A schema is cut where nobody would read on; what is copied is whole.
const MOST = 60_000;

/** Shapes are the inferred schemas of an endpoint's bodies, one at a time. */
export function Shapes({ shapes, unparsed }: { shapes: go.EndpointShape[]; unparsed: number }) {
  const [name, setName] = useState('');
  const shape = shapes.find((each) => nameOf(each) === name) ?? shapes[0];
  const broken = unparsed > 0 && <Nothing>{t('inventory.schema.unparsed', { n: unparsed })}</Nothing>;
  if (!shape) return broken || <Nothing>{t('inventory.schema.none')}</Nothing>;
  return (
    <>
      <div className={base.shapeBar}>
        <SegmentedControl
          aria-label={t('inventory.schema.choose')}
          value={nameOf(shape)}
          onChange={setName}
          data={shapes.map((each) => ({
            value: nameOf(each),
            label: [t('inventory.schema.side', { side: each.side, raw: each.side }), each.status]
              .filter(Boolean)
              .join(' '),
          }))}
        />
        <span className={base.dim}>{t('inventory.schema.of', { n: shape.n })}</span>
        <Copy text={shape.schema} title={t('inventory.schema.copy')} />
      </div>
      <Scrolls className={base.pre} label={t('inventory.schema.label')}>
        <Visible text={shape.schema.slice(0, MOST)} />
      </Scrolls>
      {shape.schema.length > MOST && <Nothing>{t('inventory.schema.long')}</Nothing>}
      {broken}
    </>
  );
}
