"""The tables, as Markdown that can be read in a terminal too."""
import statistics


def number(value):
    if value >= 100:
        return f'{value:,.0f}'
    return f'{value:.1f}' if value >= 10 else f'{value:.2f}'


def table(head, rows):
    """Aligned columns; the first is text, the others are numbers."""
    cells = [head] + [[str(c) for c in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]

    def line(row):
        return '| ' + ' | '.join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths))) + ' |'
    rule = '|' + '|'.join('-' * (w + 1) + ('-' if i == 0 else ':') for i, w in enumerate(widths)) + '|'
    return '\n'.join([line(cells[0]), rule] + [line(row) for row in cells[1:]])


def middle(runs, what):
    return statistics.median(getattr(r, what) for r in runs)


def rates(pairs):
    rows = []
    for p in pairs:
        for name, runs, own in ((p.name, p.runs, True), (f'  beside: {p.baseline}', p.baseline_runs, False)):
            rows.append([name, number(middle(runs, 'rate')), number(middle(runs, 'p50')), number(middle(runs, 'p99')),
                         sum(r.errors for r in runs),
                         number(middle(runs, 'service_cpu')) if own or p.own_baseline else '',
                         number(middle(runs, 'postgres_cpu')), f'{p.rss / 2**20:.0f}' if own else '',
                         f'{p.pss / 2**20:.0f}' if own else ''])
    return table(['', 'requests/s', 'p50 ms', 'p99 ms', 'errors', 'CPU s/1,000', 'PostgreSQL CPU s/1,000', 'RSS MiB',
                  'PostgreSQL PSS MiB'], rows)


def verdict(met):
    return '' if met is None else 'met' if met else 'NOT MET'


def ratios(pairs):
    rows = []
    for p in pairs:
        r = p.ratios()
        value = statistics.median(r)
        rows.append([f'{p.name}: {p.what}', number(value), f'{number(r[0])} to {number(r[-1])}',
                     f'≥ {p.budget:g}' if p.budget else '', verdict(value >= p.budget if p.budget else None)])
    return table(['service / baseline', 'median', 'spread', 'budget', ''], rows)


def cold_budget(pairs):
    """The budget of a cold case is a time, not a ratio."""
    return table(['cold case', 'p50 ms', 'budget', ''],
                 [[p.name, number(middle(p.runs, 'p50')), '< 5', verdict(middle(p.runs, 'p50') < 5)] for p in pairs])


def amounts(found):
    return table(['memory', 'KiB', 'budget', ''],
                 [[a.what, number(a.kib), f'≤ {a.budget:,}' if a.budget else '',
                   verdict(a.kib <= a.budget if a.budget else None)] for a in found])


def digests(made):
    return table(['digests', 'planned a second', 'planned and sent a second'],
                 [[f'{made.count:,}', number(made.planned), number(made.sent)]])


def sweep(made):
    """The budget is of the readers: their p99 is at most twice what it is without a sweep."""
    ratio = made.meanwhile / made.quiet
    return table(['sweep', 'notes a second', 'W1 p99 quiet, ms', 'meanwhile', 'ratio', 'errors', 'budget', ''],
                 [[f'{made.notes:,} notes of {made.cases:,} cases in {made.seconds:,.0f} s', number(made.notes / made.seconds),
                   number(made.quiet), number(made.meanwhile), number(ratio), made.errors, '≤ 2', verdict(ratio <= 2)]])


def costs(found, small, full):
    return table(['one after the other, median ms', f'{small:,} cases', f'{full:,} cases', 'ratio'],
                 [[c.what, number(c.small), number(c.full), number(c.full / c.small)] for c in found])


def searches(found):
    """One row for each question; the last is all of them together, which the budget means."""
    rows = [[s.what, s.finds, number(s.at(50)), number(s.at(95)), '', ''] for s in found[:-1]]
    whole = found[-1]
    rows.append([whole.what, '', number(whole.at(50)), number(whole.at(95)), '< 50', verdict(whole.at(95) < 50)])
    return table(['search, one after the other', 'on a page', 'p50 ms', 'p95 ms', 'budget', ''], rows)
