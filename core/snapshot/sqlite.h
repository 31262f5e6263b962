// A thin skin over SQLite: a connection, a statement, errors as values. Used from one thread at a
// time. Columns read stay valid until the next step.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace fleetglass::snapshot {

class Statement
{
public:
    Statement(Statement&&) noexcept;
    ~Statement();

    Statement& bind(int64_t value);
    Statement& bind(double value); // NaN becomes NULL.
    Statement& bind(std::string_view text);
    Statement& bindBytes(std::span<const uint8_t> bytes);
    // Executes, and is ready for the next binds.
    Result<void> run();

    // Whether there is a row; false after the last.
    Result<bool> step();
    int64_t integer(int column) const; // 0 where it is no integer.
    double real(int column) const; // NaN for NULL.
    std::string_view text(int column) const;
    std::span<const uint8_t> bytes(int column) const;

private:
    friend class Database;
    explicit Statement(sqlite3_stmt* statement);
    sqlite3_stmt* m_statement;
    int m_next = 1;
};

class Database
{
public:
    // A file that is empty or not there yet; never journalled, because nobody else sees it.
    static Result<Database> createScratch(const std::string& path);
    // Another's file: read-only, without its journals, with every defence SQLite has.
    static Result<Database> openForeign(const std::string& path, int rowBytesMax);
    Database(Database&&) noexcept;
    ~Database();

    Result<void> run(const std::string& sql);
    Result<Statement> prepare(const std::string& sql);
    // The first column of the first row.
    Result<int64_t> integer(const std::string& sql);
    Result<std::string> text(const std::string& sql);
    Result<void> close();

private:
    explicit Database(sqlite3* handle);
    Error lastError() const;
    sqlite3* m_handle;
};

} // namespace fleetglass::snapshot
