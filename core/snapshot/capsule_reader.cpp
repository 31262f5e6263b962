#include "core/snapshot/capsule_reader.h"

#include "core/base/utf8.h"
#include "core/snapshot/capsule_envelope.h"
#include "core/snapshot/capsule_format.h"
#include "core/snapshot/fields.h"
#include "core/snapshot/sample_loader.h"
#include "core/snapshot/sqlite.h"

#include <algorithm>

namespace fleetglass::snapshot {

namespace {

const SystemClock kClock; // Outlives every archive's store; retention does not ask it.

// Only our own tables, word for word: no trigger, view, virtual table or generated column to run.
Result<void> checkSchema(Database& database)
{
    auto statement = database.prepare("SELECT coalesce(sql, '') FROM sqlite_schema");
    if (!statement)
        return failure(statement.error());
    size_t found = 0;
    while (true) {
        const auto hasRow = statement->step();
        if (!hasRow)
            return failure(hasRow.error());
        if (!*hasRow)
            break;
        const std::string_view sql = statement->text(0);
        if (std::find(kSchema.begin(), kSchema.end(), sql) == kSchema.end())
            return failure("capsule holds something foreign: " + clipUtf8(sql, 80));
        ++found;
    }
    if (found != kSchema.size())
        return failure("capsule is damaged: it has " + std::to_string(found) + " of "
            + std::to_string(kSchema.size()) + " tables");
    return {};
}

Result<void> checkIntegrity(Database& database)
{
    const auto answer = database.text("PRAGMA quick_check(1)");
    if (!answer)
        return failure(answer.error());
    if (*answer != "ok")
        return failure("capsule is damaged: " + clipUtf8(*answer, 200));
    return {};
}

template<class T>
Result<std::vector<T>> readRows(Database& database, const std::string& table)
{
    std::vector<T> values;
    auto statement = database.prepare("SELECT body FROM " + table + " ORDER BY id");
    if (!statement)
        return failure(statement.error());
    while (true) {
        const auto hasRow = statement->step();
        if (!hasRow)
            return failure(hasRow.error());
        if (!*hasRow)
            return values;
        if (!fromJsonText(statement->text(0), values.emplace_back()))
            return failure("capsule is damaged: table " + table);
    }
}

template<class T>
Result<void> readInto(
    Database& database, const char* table, std::shared_ptr<const std::vector<T>>& place)
{
    auto rows = readRows<T>(database, table);
    if (!rows)
        return failure(rows.error());
    place = std::make_shared<const std::vector<T>>(std::move(*rows));
    return {};
}

template<class T>
Result<void> readInto(
    Database& database, const char* table, std::vector<std::shared_ptr<const T>>& place)
{
    auto rows = readRows<T>(database, table);
    if (!rows)
        return failure(rows.error());
    for (T& row : *rows)
        place.push_back(std::make_shared<const T>(std::move(row)));
    return {};
}

Result<void> readFleet(Database& database, view::FleetView& fleet)
{
    std::shared_ptr<const std::vector<view::MetricView>> metrics;
    auto done = readInto(database, "targets", fleet.targets);
    if (done)
        done = readInto(database, "alerts", fleet.alerts);
    if (done)
        done = readInto(database, "alert_spans", fleet.alertSpans);
    if (done)
        done = readInto(database, "sessions", fleet.sessions);
    if (done)
        done = readInto(database, "unreachable", fleet.unreachable);
    if (done)
        done = readInto(database, "rule_groups", fleet.ruleGroups);
    if (done)
        done = readInto(database, "changes", fleet.changes);
    if (done)
        done = readInto(database, "log", fleet.log);
    if (done)
        done = readInto(database, "metrics", metrics);
    if (done)
        fleet.metrics
            = std::make_shared<const view::MetricCatalog>(view::MetricCatalog { *metrics });
    return done;
}

Result<void> readFiles(Database& database, CapsuleContent& content)
{
    auto rules = database.prepare("SELECT path, body FROM rule_files ORDER BY id");
    auto pictures = database.prepare("SELECT name, png FROM thumbnails ORDER BY id");
    auto view = database.text("SELECT body FROM view ORDER BY id LIMIT 1");
    if (!rules || !pictures || !view)
        return failure(!rules ? rules.error() : !pictures ? pictures.error() : view.error());
    content.viewState = std::move(*view);
    const auto each = [](Statement& statement, const auto& take) -> Result<void> {
        while (true) {
            const auto hasRow = statement.step();
            if (!hasRow)
                return failure(hasRow.error());
            if (!*hasRow)
                return {};
            take(std::string(statement.text(0)), std::string(statement.text(1)));
        }
    };
    auto done = each(*rules, [&](std::string path, std::string text) {
        content.ruleFiles.push_back({ std::move(path), std::move(text) });
    });
    if (!done)
        return done;
    return each(*pictures, [&](std::string name, std::string png) {
        content.thumbnails.push_back({ std::move(name), std::move(png) });
    });
}

Result<void> readInfo(Database& database, CapsuleContent& content)
{
    auto statement = database.prepare("SELECT key, value FROM info");
    if (!statement)
        return failure(statement.error());
    std::map<std::string, std::string> info;
    while (true) {
        const auto hasRow = statement->step();
        if (!hasRow)
            return failure(hasRow.error());
        if (!*hasRow)
            break;
        info.emplace(statement->text(0), statement->text(1));
    }
    const auto number = [&](const char* key) { return parseInt(info[key]).value_or(0); };
    content.title = info["title"];
    content.program = info["program"];
    content.createdMs = number("created_ms");
    content.range = { number("start_ms"), number("end_ms") };
    content.fleet.nowMs = number("now_ms");
    view::StatusView& status = content.fleet.status;
    (void)fromJsonText(info["status"], status);
    status.watching = true;
    status.archive = true;
    status.archiveTitle = content.title;
    return {};
}

Result<Capsule> read(
    const std::string& path, const CapsuleLimits& limits, const std::stop_token& stop)
{
    if (auto checked = checkEnvelope(path, limits.bytesMax); !checked)
        return failure(checked.error());
    auto database = Database::openForeign(path, kRowBytesMax);
    if (!database)
        return failure(database.error());
    Capsule capsule;
    capsule.store = std::make_unique<tsdb::RingStore>(
        tsdb::RingStoreOptions { .retention = {},
            .bytesMax = SIZE_MAX, // Bounded by the limits on samples, series and bytes.
            .seriesMax = tsdb::kSeriesMaxCeiling,
            .exemplarsPerSeriesMax = 10'000 },
        kClock);
    auto done = checkIntegrity(*database);
    if (done)
        done = checkSchema(*database);
    if (done)
        done = readInfo(*database, capsule.content);
    if (done)
        done = readFleet(*database, capsule.content.fleet);
    if (done)
        done = readFiles(*database, capsule.content);
    if (done)
        done = SampleLoader(*database, *capsule.store, limits, stop).load();
    if (!done)
        return failure(done.error());
    return capsule;
}

} // namespace

Result<Capsule> readCapsule(
    const std::string& path, const CapsuleLimits& limits, const std::stop_token& stop)
{
    auto capsule = read(path, limits, stop);
    if (!capsule)
        return failure(path + ": " + capsule.error().message, capsule.error().code);
    return capsule;
}

} // namespace fleetglass::snapshot
