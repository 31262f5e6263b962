// QueryEditor: PromQL with the colours of the real lexer, a gutter that says valid, incomplete or
// wrong, completion by context and a history. Never waits: names and values come through the port.
// Used from one thread at a time (the UI thread).
#pragma once

#include "core/view/fleet_port.h"
#include "ui/widgets/query_check.h"
#include "ui/widgets/query_completion.h"

#include <QPlainTextEdit>
#include <QPointer>
#include <memory>

class QSyntaxHighlighter;

namespace fleetglass::widgets {

class CompletionPopup;

class QueryEditor : public QPlainTextEdit
{
    Q_OBJECT

public:
    // The port outlives the editor.
    explicit QueryEditor(view::FleetPort& port, QWidget* parent = nullptr);
    ~QueryEditor() override;

    QString text() const { return toPlainText(); }
    // Replaces the text as one step of undo.
    void setText(const QString& text);
    const QueryCheck& check() const { return m_check; }
    void setCatalog(std::shared_ptr<const view::MetricCatalog> catalog);

    const QStringList& history() const { return m_history; }
    void setHistory(const QStringList& history);
    void remember(const QString& query);

    void complete(); // As Ctrl+Space.
    bool isCompleting() const;
    const QVector<Completion>& completions() const;
    void format();

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

signals:
    void runRequested();
    void checkChanged();
    void explainRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    friend class QueryGutter;

    void textEdited();
    void markError();
    void offer(bool byUser);
    void offerWords(const QueryContext& context);
    void show(const QueryContext& context, QVector<Completion> completions);
    void insert(const Completion& completion);
    bool keyForPopup(QKeyEvent* event);
    void walkHistory(int step);
    void paintGutter(QPainter& painter, const QRect& area);
    void closePopup();
    CompletionPopup& popup();

    view::FleetPort& m_port;
    std::shared_ptr<const view::MetricCatalog> m_catalog;
    QSyntaxHighlighter* m_highlighter;
    QWidget* m_gutter;
    QPointer<CompletionPopup> m_popup;
    QueryCheck m_check;
    QStringList m_history; // Newest last.
    qsizetype m_historyAt = -1; // -1: the draft.
    QString m_draft;
    QString m_wordsOf; // What the words below were asked for.
    QStringList m_words;
    uint64_t m_asked = 0; // Only the newest question for words is answered.
    bool m_replacing = false;
};

} // namespace fleetglass::widgets
