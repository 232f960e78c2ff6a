/** The style sheet of the HTML report; its hash stands in the page's content security policy. */
export const HTML_STYLE: string = `
:root{color-scheme:dark light;--bg:#0b0f14;--panel:#121821;--edge:#223040;--text:#dce6f0;--dim:#8295a8;--accent:#4fd1c5;--band:#4fd1c533;--good:#4cc38a;--fair:#d9c64a;--warn:#f0a03c;--bad:#f2655c;--track:#1d2835}
@media (prefers-color-scheme:light){:root{--bg:#f4f6f8;--panel:#fff;--edge:#d8e0e8;--text:#17212b;--dim:#5b6b7b;--accent:#0b8f84;--band:#0b8f8430;--good:#15803d;--fair:#8a6d00;--warn:#b45309;--bad:#c02626;--track:#e6ebf0}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:1280px;margin:0 auto;padding:24px 20px 48px}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 4px}h1 span{color:var(--accent)}
h2{font-size:1.05rem;margin:36px 0 12px;letter-spacing:.02em}
h3{font:600 .85rem/1.3 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;margin:0 0 8px;overflow-wrap:anywhere}
p{margin:0 0 8px}.dim{color:var(--dim)}.lead{font-size:1.1rem;margin-top:16px}
.panel,.card,details{background:var(--panel);border:1px solid var(--edge);border-radius:12px;padding:16px}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,265px),1fr));gap:14px}
.maps{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr));gap:14px}
.big{font-size:1.9rem;font-weight:650;line-height:1.1;font-variant-numeric:tabular-nums}
.row{display:flex;justify-content:space-between;gap:8px;align-items:center}.card p{margin:4px 0 0;font-size:.85rem}
.tag{font-size:.75rem;font-weight:600;padding:1px 9px;border-radius:99px;border:1px solid currentColor;white-space:nowrap}
.idle,.constant{color:var(--dim)}.low,.ample,.enough{color:var(--good)}.moderate{color:var(--fair)}.high,.tight{color:var(--warn)}.saturated,.short{color:var(--bad)}
ul{margin:8px 0 0;padding-left:20px}li{margin:4px 0;overflow-wrap:anywhere}
svg{display:block;width:100%;height:auto}.spark{height:44px;margin-top:8px}
.line{fill:none;stroke:var(--accent);stroke-width:1.6;stroke-linejoin:round;vector-effect:non-scaling-stroke}.band{fill:var(--band)}
.grid{stroke:var(--edge);stroke-width:1}.tick{fill:var(--dim);font-size:11px;font-family:inherit}
.series .tick{font-size:9px}.caption{font-size:.8rem;margin:0}
.whisker{stroke:var(--dim);stroke-width:1.2;opacity:.6}.none{fill:var(--track)}
.track{fill:var(--track)}.range{fill:var(--dim)}.half{fill:var(--good);opacity:.55}.upper{fill:var(--good)}.peak{fill:var(--fair)}.rare{fill:var(--bad)}.mark{stroke:var(--text);stroke-width:1.5}.mean{fill:var(--text)}
.h0{fill:#1f8f4d}.h1{fill:#43a64f}.h2{fill:#6fba55}.h3{fill:#9fcb5c}.h4{fill:#cfd95f}.h5{fill:#f0d055}.h6{fill:#f5ad4b}.h7{fill:#f08445}.h8{fill:#e35b41}.h9{fill:#cf3434}
.legend{display:flex;align-items:center;gap:8px;font-size:.75rem;color:var(--dim);margin:8px 0 0}.legend svg{width:140px;border-radius:3px;flex:none}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.83rem;font-variant-numeric:tabular-nums}
th,td{padding:5px 10px;text-align:right;white-space:nowrap;border-bottom:1px solid var(--edge)}
th{color:var(--dim);font-weight:600}th:first-child,td:first-child{text-align:left;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;position:sticky;left:0;background:var(--panel);max-width:60vw;overflow:hidden;text-overflow:ellipsis}
tbody tr:last-child td{border-bottom:0}th.start,td.start{text-align:left}tr.warn{color:var(--warn)}tr.bad{color:var(--bad)}
details{margin:0 0 10px;padding:0}summary{cursor:pointer;padding:12px 16px;display:flex;gap:12px;align-items:center;flex-wrap:wrap}
summary code{font-size:.85rem;overflow-wrap:anywhere;flex:1 1 220px}summary .value{font-variant-numeric:tabular-nums;color:var(--dim);font-size:.85rem}
details>div{padding:0 16px 16px;display:grid;gap:14px;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr))}
details .wide{grid-column:1/-1}
footer{margin-top:32px;color:var(--dim);font-size:.8rem}
@media (max-width:480px){main{padding:16px 12px 32px}h1{font-size:1.35rem}.panel,.card{padding:12px}.tick{font-size:15px}.series .tick{font-size:17px}}
@media print{body{background:#fff;color:#000}details{break-inside:avoid}}
`;
