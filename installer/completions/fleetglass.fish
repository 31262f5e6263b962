# fish completion for fleetglass(1)

# The verb on the command line, or nothing for the window. Only the first word is one;
# --enable-feature may stand before check and test.
function __fleetglass_verb
    for word in (commandline -opc)[2..-1]
        switch $word
            case '--enable-feature*' 'promql-*'
            case check test scrape record query snapshot demo-fleet
                echo $word
                return
            case '*'
                return
        end
    end
end

function __fleetglass_in
    set -l verb (__fleetglass_verb)
    test -n "$verb"; and contains -- $verb $argv
end

function __fleetglass_in_window
    test -z "$(__fleetglass_verb)"
end

function __fleetglass_first
    test (count (commandline -opc)) -eq 1
end

# Directly behind the verb.
function __fleetglass_at
    set -l words (commandline -opc)
    test "$words[-1]" = "$argv[1]"; and __fleetglass_in $argv[1]
end

set -l pages 'overview explore alerts shells targets snapshots'
set -l features 'promql-experimental-functions promql-extended-range-selectors promql-binop-fill-modifiers'

complete -c fleetglass -n __fleetglass_first -a check -d 'Check files, with line numbers'
complete -c fleetglass -n __fleetglass_first -a test -d 'Run unit tests of rules'
complete -c fleetglass -n __fleetglass_first -a scrape -d 'Scrape every target once'
complete -c fleetglass -n __fleetglass_first -a record -d 'Watch without a window'
complete -c fleetglass -n __fleetglass_first -a query -d 'Ask a capsule, a file, a directory or a server'
complete -c fleetglass -n __fleetglass_first -a snapshot -d 'Watch, then write what the window shows'
complete -c fleetglass -n __fleetglass_first -a demo-fleet -d 'Serve a simulated fleet on loopback'
complete -c fleetglass -n __fleetglass_first -a help -d 'Show the usage'
complete -c fleetglass -n __fleetglass_first -l help -s h -d 'Show the usage'
complete -c fleetglass -n __fleetglass_first -l version -d 'Show the version'

complete -c fleetglass -n __fleetglass_in_window -l data -rF -d 'Keep the samples in this directory'
complete -c fleetglass -n __fleetglass_in_window -l fresh -d 'Do not restore the last workspace'
complete -c fleetglass -n 'not __fleetglass_in check test query demo-fleet' -l demo -d 'Watch the demo fleet'
complete -c fleetglass -n '__fleetglass_in_window; or __fleetglass_in snapshot' -l page -xa "$pages" -d 'The page to show'
complete -c fleetglass -n '__fleetglass_in_window; or __fleetglass_in snapshot' -l theme -xa 'light dark' -d 'Light or dark'
complete -c fleetglass -n '__fleetglass_in_window; or __fleetglass_in record snapshot' -l rules -rF -d 'Evaluate this rule file'
complete -c fleetglass -n '__fleetglass_in_window; or __fleetglass_in check test' -l enable-feature -xa "$features" -d 'Switch parts of PromQL on'

complete -c fleetglass -n '__fleetglass_at check' -fa 'config rules metrics sd-file healthy ready'
complete -c fleetglass -n '__fleetglass_in check' -l syntax-only -d 'Do not look at files a configuration names'
complete -c fleetglass -n '__fleetglass_in check' -l agent -d 'Check as for agent mode'
complete -c fleetglass -n '__fleetglass_in check' -l lint -xa 'all duplicate-rules too-long-scrape-interval none' -d 'What to look for'
complete -c fleetglass -n '__fleetglass_in check' -l lint-fatal -d 'Exit with 3 where lint found something'
complete -c fleetglass -n '__fleetglass_in check test' -l ignore-unknown-fields -d 'Accept unknown fields in rule files'
complete -c fleetglass -n '__fleetglass_in check' -l query.lookback-delta -xa 5m -d 'The lookback intervals are compared with'
complete -c fleetglass -n '__fleetglass_in check' -l extended -d 'With metrics: series of each metric'

complete -c fleetglass -n '__fleetglass_in check' -l url -x -d 'With healthy and ready: the server'

complete -c fleetglass -n '__fleetglass_at test' -fa rules
complete -c fleetglass -n '__fleetglass_in test' -l run -x -d 'Only tests whose names match'

complete -c fleetglass -n '__fleetglass_in scrape' -l once -d 'Needed'
complete -c fleetglass -n '__fleetglass_in scrape' -l json -d 'Print JSON'

complete -c fleetglass -n '__fleetglass_in record snapshot' -l for -xa '20s 1m 10m' -d 'How long to watch'
complete -c fleetglass -n '__fleetglass_in record' -l data -xa '(__fish_complete_directories)' -d 'Keep what was recorded here'
complete -c fleetglass -n '__fleetglass_in record' -l stats -d 'Print what it took, as JSON'

complete -c fleetglass -n '__fleetglass_at query' -fa 'instant range series labels'
complete -c fleetglass -n '__fleetglass_in query' -l format -xa 'promql json' -d 'How to print'
complete -c fleetglass -n '__fleetglass_in query' -l time -x -d 'When to answer'
complete -c fleetglass -n '__fleetglass_in query' -l start -x -d 'Begin of the range'
complete -c fleetglass -n '__fleetglass_in query' -l end -x -d 'End of the range'
complete -c fleetglass -n '__fleetglass_in query' -l step -xa '1s 15s 1m' -d 'Distance between answers'
complete -c fleetglass -n '__fleetglass_in query' -l match -x -d 'Look at these series only'

complete -c fleetglass -n '__fleetglass_in snapshot' -l output -rF -d 'What to write; the ending chooses'
complete -c fleetglass -n '__fleetglass_in snapshot' -l size -xa 1600x1000 -d 'The size of the window'
complete -c fleetglass -n '__fleetglass_in snapshot' -l expr -x -d 'Write the answer to this query'

complete -c fleetglass -n '__fleetglass_in demo-fleet' -l listen -xa '127.0.0.1:0' -d 'The first of the ports'
complete -c fleetglass -n '__fleetglass_in demo-fleet' -l seed -x -d 'The same seed makes the same fleet'
complete -c fleetglass -n '__fleetglass_in demo-fleet' -l print-config -d 'Print a configuration that scrapes the fleet'
