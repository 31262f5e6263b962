// AlertsInspector: the facts of the chosen alert: expression, rendered annotations, labels, since
// when, the rule it comes from, and its last day. Used from one thread at a time (the UI thread).
#pragma once

#include "ui/models/alert_model.h"
#include "ui/theme/units.h"

#include <QPlainTextEdit>
#include <QWidget>

class QVBoxLayout;

namespace fleetglass::widgets {
class Chip;
class InspectorSection;
class KeyButton;
class KeyValueList;
class PlainLabel;
class QueryHighlighter;
} // namespace fleetglass::widgets

namespace fleetglass::pages {

// A query to read and to copy, coloured, as high as it is.
class ExpressionView : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit ExpressionView(QWidget* parent = nullptr);
    void setExpression(const QString& query);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void fit();

    widgets::QueryHighlighter* m_highlighter;
};

class AlertsInspector : public QWidget
{
    Q_OBJECT

public:
    explicit AlertsInspector(QWidget* parent = nullptr);

    struct Content
    {
        models::AlertPtr alert; // Null: nothing is chosen.
        const std::vector<view::AlertSpanView>* spans = nullptr;
        int64_t nowMs = 0;
        theme::Zone zone;
        theme::Unit unit;
        bool canOrder = true; // An archive cannot.
    };
    void show(const Content& content);

signals:
    void ruleRequested();
    void chartRequested();
    void acknowledgeRequested();
    void targetRequested(const QString& instance);

private:
    void showFacts(const Content& content);
    void showAnnotations(const view::AlertView& alert);
    void showLabels(const view::AlertView& alert);
    void showHistory(const Content& content);

    widgets::InspectorSection* m_head;
    widgets::PlainLabel* m_name;
    widgets::PlainLabel* m_place;
    widgets::Chip* m_state;
    widgets::InspectorSection* m_query;
    ExpressionView* m_expression;
    widgets::InspectorSection* m_facts;
    widgets::KeyValueList* m_factList;
    widgets::KeyButton* m_acknowledge;
    widgets::KeyButton* m_chart;
    widgets::KeyButton* m_rule;
    widgets::InspectorSection* m_annotations;
    QVBoxLayout* m_annotationLines;
    widgets::InspectorSection* m_labels;
    widgets::KeyValueList* m_labelList;
    widgets::KeyButton* m_target;
    widgets::InspectorSection* m_history;
    widgets::PlainLabel* m_historyText;
    widgets::KeyValueList* m_historyList;
    widgets::PlainLabel* m_nothing;
    std::vector<std::pair<std::string, std::string>> m_shownAnnotations;
    QString m_instance;
};

} // namespace fleetglass::pages
