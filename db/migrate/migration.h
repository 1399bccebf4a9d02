// Migration: one numbered step of the schema, embedded in the binary (db/migrations/NNNN_name.sql).
// Thread safety: plain constants.
#pragma once

#include <span>

namespace snowfield::db {

struct Migration {
  int number;          // from 1, without gaps
  const char* name;    // "campaigns"
  const char* sha256;  // of the file, 64 hexadecimal digits
  const char* sql;
};

// All that this binary knows, in order.
std::span<const Migration> AllMigrations();

}  // namespace snowfield::db
