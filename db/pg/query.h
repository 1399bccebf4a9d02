// Query: one SQL statement with the name under which each connection prepares it once.
//
// Constants of this type are generated from the named blocks of db/queries/*.sql (cmake/EmbedSql.cmake); tests may
// write their own. Both texts live as long as the program. The same name with another text is a bug that ends the
// program. A statement that is made of parts (db/filter) has no name: it is not prepared, and lives as long as its run.
// Thread safety: plain constants.
#pragma once

namespace snowfield::db {

struct Query {
  const char* name;  // "subject.name_of_block"
  const char* sql;   // one statement; $1, $2, ... are its parameters
};

}  // namespace snowfield::db
