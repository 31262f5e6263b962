# bash completion for fleetglass(1)

# Names the values of the flag before the cursor; fails where it takes none.
_fleetglass_values() {
  local verb=$1 flag=$2
  case $flag in
    --page) COMPREPLY=($(compgen -W 'overview explore alerts shells targets snapshots' -- "$cur")) ;;
    --theme) COMPREPLY=($(compgen -W 'light dark' -- "$cur")) ;;
    --format) COMPREPLY=($(compgen -W 'promql json' -- "$cur")) ;;
    --lint) COMPREPLY=($(compgen -W 'all duplicate-rules too-long-scrape-interval none' -- "$cur")) ;;
    --enable-feature)
      COMPREPLY=($(compgen -W 'promql-experimental-functions promql-extended-range-selectors
        promql-binop-fill-modifiers' -- "$cur"))
      ;;
    --listen) COMPREPLY=($(compgen -W '127.0.0.1:' -- "$cur")) ;;
    --data) _fleetglass_files -d ;;
    --rules | --output) _fleetglass_files -f ;;
    --for | --query.lookback-delta | --step) COMPREPLY=($(compgen -W '15s 20s 1m 5m 1h' -- "$cur")) ;;
    --seed | --time | --start | --end | --match | --size | --expr | --run | --url) ;;
    *) return 1 ;;
  esac
}

_fleetglass_files() {
  compopt -o filenames 2>/dev/null
  local IFS=$'\n'
  COMPREPLY=($(compgen "$1" -- "$cur"))
}

_fleetglass_flags() {
  case $1 in
    check)
      echo '--syntax-only --agent --lint --lint-fatal --ignore-unknown-fields --query.lookback-delta
        --enable-feature --extended --url'
      ;;
    test) echo '--run --ignore-unknown-fields --enable-feature' ;;
    scrape) echo '--once --json --demo' ;;
    record) echo '--for --data --rules --stats --demo' ;;
    query) echo '--format --time --start --end --step --match' ;;
    snapshot) echo '--for --output --page --theme --size --expr --rules --demo' ;;
    demo-fleet) echo '--listen --seed --print-config' ;;
    *) echo '--demo --page --theme --rules --data --fresh --help --version --enable-feature' ;;
  esac
}

# The verb, or nothing for the window. Only the first word is one; --enable-feature may precede check and test.
_fleetglass_verb() {
  local i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      --enable-feature | = | promql-*) ;;
      check | test | scrape | record | query | snapshot | demo-fleet)
        verb=${COMP_WORDS[i]} verb_at=$i
        return
        ;;
      *) return ;;
    esac
  done
}

_fleetglass() {
  local cur=${COMP_WORDS[COMP_CWORD]} flag=${COMP_WORDS[COMP_CWORD - 1]} verb= verb_at=0
  COMPREPLY=()
  # "--page=x" arrives as three words.
  if [[ $cur == = ]]; then
    cur=
  elif [[ $flag == = && $COMP_CWORD -gt 2 ]]; then
    flag=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  _fleetglass_verb
  _fleetglass_values "$verb" "$flag" && return
  if [[ $cur == -* ]]; then
    COMPREPLY=($(compgen -W "$(_fleetglass_flags "$verb")" -- "$cur"))
  elif [[ $verb == check && $COMP_CWORD -eq $((verb_at + 1)) ]]; then
    COMPREPLY=($(compgen -W 'config rules metrics sd-file healthy ready' -- "$cur"))
  elif [[ $verb == test && $COMP_CWORD -eq $((verb_at + 1)) ]]; then
    COMPREPLY=($(compgen -W 'rules' -- "$cur"))
  elif [[ $verb == query && $COMP_CWORD -eq $((verb_at + 1)) ]]; then
    COMPREPLY=($(compgen -W 'instant range series labels' -- "$cur"))
  else
    _fleetglass_files -f
    if [[ -z $verb && $COMP_CWORD -eq 1 ]]; then
      COMPREPLY+=($(compgen -W 'check test scrape record query snapshot demo-fleet help' -- "$cur"))
    fi
  fi
}

complete -F _fleetglass fleetglass
