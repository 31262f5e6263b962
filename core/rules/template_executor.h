// Executor: the state of one expansion, in two files: statements, and expressions. Used from one
// thread at a time.
#pragma once

#include "core/rules/template_exec.h"
#include "core/rules/template_functions.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fleetglass::rules::tmpl {

// Walks and evaluations in one another, whatever the mix: each level costs stack.
inline constexpr int kNestingPerTemplate = 4;
enum class Flow
{
    Next,
    Break,
    Continue,
    Failed,
};

struct Variable
{
    std::string name;
    Value value;
};

// After the first failure every evaluation returns at once: look at m_error.
class Executor
{
public:
    Executor(const Program& program, const ExecOptions& options, const TemplateContext& context)
        : m_program(program)
        , m_options(options)
        , m_context(context)
        , m_machine { context, options.externalUrl, 0, 0, {} }
        , m_templateName(program.name)
    {
        m_machine.runTemplate
            = [this](const std::string& name, const Value& data) { return runNamed(name, data); };
    }
    Result<std::string> run(const Value& dot);

private:
    // Failures.
    bool failed() const { return m_error.has_value(); }
    Value fail(const std::string& message, ErrorCode code = ErrorCode::Invalid);
    Value failPlain(const Error& error);
    bool step(size_t count = 1);
    void at(const Node& node) { m_node = &node; }

    // Statements.
    Flow walkList(const Value& dot, const NodeList& list);
    Flow walk(const Value& dot, const Node& node);
    Flow walkIfOrWith(const Value& dot, const Node& node);
    Flow walkRange(const Value& dot, const Node& node);
    Flow walkCall(const Value& dot, const Node& node);
    Flow runTemplate(const std::string& name, const NodeList& list, const Value& dot);
    Result<std::string> runNamed(const std::string& name, const Value& data);
    bool iterate(const Node& node, const Value& index, const Value& item, Flow& flow);
    void print(const Value& value);
    void write(std::string_view text);

    // Expressions; `final` is the value that a pipeline hands on, null where there is none.
    Value evalPipeline(const Value& dot, const Node& pipe);
    Value evalCommand(const Value& dot, const Node& command, const Value* final);
    Value evalFunction(const Value& dot, const Node& name, const Node& command,
        const NodeList* words, const Value* final);
    Value evalField(const Value& dot, const Node& node, const NodeList* words, const Value* final);
    Value evalVariable(
        const Value& dot, const Node& node, const NodeList* words, const Value* final);
    Value evalChain(const Value& dot, const Node& node, const NodeList* words, const Value* final);
    Value fieldChain(const Value& dot, Value receiver, const Node& node, size_t first,
        const NodeList* words, const Value* final);
    Value fieldOf(const Value& dot, const Value& receiver, const std::string& name,
        const Node& node, const NodeList* words, const Value* final);
    Value entryOf(const Value& receiver, const std::string& name, bool hasArguments);
    Value call(const Value& dot, const Function& function, const Node& node, const NodeList* words,
        const Value* final, const Value* receiver);
    Value callLogic(const Value& dot, bool isOr, const NodeList* words, const Value* final);
    bool checkCount(const Function& function, size_t words, bool hasFinal);
    Value evalArgument(const Value& dot, Param param, const Node& node);
    Value evalConstant(Param param, const Node& node);
    Value validated(const Value& value, Param param);
    bool notAFunction(const NodeList* words, const Value* final);
    Value constantOf(const Node& number);

    // Variables.
    Value* variable(const std::string& name);
    void assign(const Node& declaration, const Value& value, bool isAssignment);

    const Program& m_program;
    const ExecOptions& m_options;
    const TemplateContext& m_context;
    Machine m_machine;
    std::string m_out;
    std::string m_templateName;
    std::vector<Variable> m_variables;
    size_t m_base = 0; // First variable of the running template.
    const Node* m_node = nullptr;
    std::optional<Error> m_error;
    int m_depth = 0; // Of template calls.
    int m_nesting = 0;
};

} // namespace fleetglass::rules::tmpl
