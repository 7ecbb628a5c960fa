/** How documents look, from these colours: --ground --text --quiet --line --panel --link --bad. */
export const documentStyle = `
body { margin: 0; background: var(--ground); color: var(--text); line-height: 1.55; overflow-wrap: break-word; }
main { max-width: 960px; margin: 0 auto; padding: 20px 32px 48px; }
h1 { font-size: 1.8em; } h2 { font-size: 1.4em; margin-top: 1.7em; border-bottom: 1px solid var(--line); padding-bottom: 4px; }
h3 { font-size: 1.15em; margin-top: 1.5em; } h4 { font-size: 1em; margin: 1.4em 0 4px; }
p, ul, ol, table, pre { margin: 8px 0 14px; } li { margin: 3px 0; } li.item { list-style: none; margin-left: -1.2em; }
table { border-collapse: collapse; width: 100%; font-size: 0.92em; line-height: 1.45; }
th, td { border: 1px solid var(--line); padding: 5px 9px; text-align: left; vertical-align: top; }
th { background: var(--panel); } .right { text-align: right; } .center { text-align: center; }
code { font-family: var(--mono); font-size: 0.88em; background: var(--panel); padding: 1px 4px; border-radius: 4px; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 10px 14px; white-space: pre-wrap; }
pre code { background: none; padding: 0; }
blockquote { margin: 8px 0 14px; padding: 2px 14px; border-left: 4px solid var(--line); }
a { color: var(--link); } .quiet { color: var(--quiet); } .task { margin-right: 4px; }
.summary { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 10px 16px; margin-bottom: 20px; }
.summary dl { margin: 0; } .summary div { display: flex; gap: 12px; } .summary dt { min-width: 9em; color: var(--quiet); }
.summary dd { margin: 0; } .problem { color: var(--bad); margin: 4px 0; } nav ul { padding-left: 20px; }
article + article { border-top: 3px double var(--line); margin-top: 40px; padding-top: 12px; }
svg.flowchart { max-width: 100%; height: auto; display: block; margin: 12px 0; }
.flow-box { fill: var(--panel); stroke: var(--quiet); } .flow-line { fill: none; stroke: var(--quiet); }
.flow-broken { stroke-dasharray: 5 4; } .flow-head { fill: var(--quiet); } .flow-ground { fill: var(--ground); }
.flow-text, .flow-label { fill: var(--text); font-size: 13px; } .flow-label { font-style: italic; }
`;
