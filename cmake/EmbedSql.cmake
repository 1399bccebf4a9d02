# SQL files become constants of the program at build time.
#
# snowfield_embed_queries(OUT_SOURCES <variable> DIRECTORY <dir>)
#   Each <dir>/<subject>.sql gives db/queries/<subject>_queries.h in the build tree: one `inline constexpr Query` for each
#   block. A block is a line `-- name: insert_knocks`, comment lines, and one statement; it becomes kInsertKnocks, prepared as
#   "<subject>.insert_knocks". All of them are listed in db/queries/all_queries.h. Two subjects may use one name: each has an
#   inline namespace of its own, so that only a source which includes both has to say queries::<subject>::kName.
# snowfield_embed_migrations(OUT_SOURCES <variable> DIRECTORY <dir>)
#   All <dir>/NNNN_name.sql give one source with number, name, text and sha256 in order (db/migrate/migration.h).
#
# The work is done by this file itself as a script (`cmake -P`), so that a build needs no other language. Only a file whose
# SQL has changed is made again.

# insert_knocks -> InsertKnocks
function(snowfield_camel_case out snake)
  set(camel)
  string(REPLACE "_" ";" words "${snake}")
  foreach(word IN LISTS words)
    string(SUBSTRING "${word}" 0 1 first)
    string(SUBSTRING "${word}" 1 -1 rest)
    string(TOUPPER "${first}" first)
    string(APPEND camel "${first}${rest}")
  endforeach()
  set(${out} "${camel}" PARENT_SCOPE)
endfunction()

if(CMAKE_SCRIPT_MODE_FILE)
  set(rule "// Made by cmake/EmbedSql.cmake from ${SHOWN}. Do not edit.")

  # Takes the comment lines at the head of `block` off it, as C++ comments.
  function(split_comment out_comment out_sql block)
    set(comment)
    while(block MATCHES "^[ \t\r\n]*--([^\n]*)\n")
      set(line "${CMAKE_MATCH_1}")
      string(LENGTH "${CMAKE_MATCH_0}" length)
      string(SUBSTRING "${block}" ${length} -1 block)
      string(APPEND comment "//${line}\n")
    endwhile()
    string(STRIP "${block}" block)
    string(REGEX REPLACE ";$" "" block "${block}")
    set(${out_comment} "${comment}" PARENT_SCOPE)
    set(${out_sql} "${block}" PARENT_SCOPE)
  endfunction()

  function(embed_queries)
    file(READ "${INPUT}" text)
    get_filename_component(subject "${INPUT}" NAME_WE)
    snowfield_camel_case(subject_camel "${subject}")
    set(constants)
    set(names)
    set(marker "-- name: ")
    string(LENGTH "${marker}" marker_length)
    string(PREPEND text "\n")
    string(FIND "${text}" "\n${marker}" at)
    while(NOT at EQUAL -1)
      math(EXPR start "${at} + 1 + ${marker_length}")
      string(SUBSTRING "${text}" ${start} -1 text)
      string(FIND "${text}" "\n${marker}" at)
      string(SUBSTRING "${text}" 0 ${at} block)
      if(NOT block MATCHES "^([a-z][a-z0-9_]*)[ \t\r]*\n")
        message(FATAL_ERROR "${SHOWN}: `-- name: ` needs a snake_case name and a line of its own")
      endif()
      set(name "${CMAKE_MATCH_1}")
      string(LENGTH "${CMAKE_MATCH_0}" length)
      string(SUBSTRING "${block}" ${length} -1 block)
      split_comment(comment sql "${block}")
      if("${sql}" STREQUAL "")
        message(FATAL_ERROR "${SHOWN}: the block ${name} has no statement")
      endif()
      snowfield_camel_case(camel "${name}")
      string(APPEND constants "\n${comment}inline constexpr Query k${camel} = {\"${subject}.${name}\", R\"sql(${sql})sql\"};\n")
      string(APPEND names "    &k${camel},\n")
    endwhile()
    if("${names}" STREQUAL "")
      message(FATAL_ERROR "${SHOWN}: no block: start each statement with a line `-- name: what_it_does`")
    endif()
    file(WRITE "${OUTPUT}"
      "${rule}\n#pragma once\n\n#include \"db/pg/query.h\"\n\nnamespace snowfield::db::queries {\n"
      "inline namespace ${subject} {\n${constants}\n"
      "inline constexpr const Query* kAllOf${subject_camel}[] = {\n${names}};\n\n}  // namespace ${subject}\n"
      "}  // namespace snowfield::db::queries\n")
  endfunction()

  function(embed_migrations)
    set(entries)
    set(last 0)
    string(REPLACE "|" ";" inputs "${INPUT}")
    foreach(input IN LISTS inputs)
      get_filename_component(stem "${input}" NAME_WE)
      if(NOT stem MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)$")
        message(FATAL_ERROR "${stem}.sql: a migration is named NNNN_what_it_does.sql")
      endif()
      set(name "${CMAKE_MATCH_2}")
      string(REGEX REPLACE "^0+" "" number "${CMAKE_MATCH_1}")
      math(EXPR expected "${last} + 1")
      if(NOT number STREQUAL expected)
        message(FATAL_ERROR "${stem}.sql: migrations are numbered without gaps; expected number ${expected}")
      endif()
      set(last ${number})
      file(READ "${input}" text)
      file(SHA256 "${input}" hash)
      string(APPEND entries "    {${number}, \"${name}\", \"${hash}\", R\"sql(${text})sql\"},\n")
    endforeach()
    file(WRITE "${OUTPUT}"
      "${rule}\n#include \"db/migrate/migration.h\"\n\nnamespace snowfield::db {\nnamespace {\n"
      "constexpr Migration kMigrations[] = {\n${entries}};\n}  // namespace\n\n"
      "std::span<const Migration> AllMigrations() { return kMigrations; }\n\n}  // namespace snowfield::db\n")
  endfunction()

  if(KIND STREQUAL "queries")
    embed_queries()
  else()
    embed_migrations()
  endif()
  return()
endif()

set(SNOWFIELD_EMBED_SQL ${CMAKE_CURRENT_LIST_FILE})

function(snowfield_embed_queries)
  cmake_parse_arguments(arg "" "OUT_SOURCES;DIRECTORY" "" ${ARGN})
  file(GLOB inputs CONFIGURE_DEPENDS ${arg_DIRECTORY}/*.sql)
  set(sources)
  set(includes)
  set(copies)
  foreach(input IN LISTS inputs)
    get_filename_component(subject ${input} NAME_WE)
    file(RELATIVE_PATH shown ${PROJECT_SOURCE_DIR} ${input})
    set(output ${PROJECT_BINARY_DIR}/generated/db/queries/${subject}_queries.h)
    add_custom_command(
      OUTPUT ${output}
      COMMAND ${CMAKE_COMMAND} -DKIND=queries -DINPUT=${input} -DSHOWN=${shown} -DOUTPUT=${output}
              -P ${SNOWFIELD_EMBED_SQL}
      DEPENDS ${input} ${SNOWFIELD_EMBED_SQL}
      COMMENT "embed ${shown}"
      VERBATIM)
    list(APPEND sources ${output})
    string(APPEND includes "#include \"db/queries/${subject}_queries.h\"\n")
    snowfield_camel_case(camel ${subject})
    string(APPEND copies "    all.insert(all.end(), std::begin(kAllOf${camel}), std::end(kAllOf${camel}));\n")
  endforeach()
  # Written only when the list of subjects changes.
  set(list_source ${PROJECT_BINARY_DIR}/generated/db/queries/all_queries.cc)
  file(CONFIGURE OUTPUT ${list_source} CONTENT
"// Made by cmake/EmbedSql.cmake. Do not edit.
#include \"db/queries/all_queries.h\"

#include <iterator>
#include <vector>

@includes@
namespace snowfield::db::queries {

std::span<const Query* const> AllQueries() {
  static const std::vector<const Query*>* const queries = [] {
    auto* made = new std::vector<const Query*>();
    std::vector<const Query*>& all = *made;
@copies@    return made;
  }();
  return *queries;
}

}  // namespace snowfield::db::queries
" @ONLY)
  set(${arg_OUT_SOURCES} ${sources} ${list_source} PARENT_SCOPE)
endfunction()

function(snowfield_embed_migrations)
  cmake_parse_arguments(arg "" "OUT_SOURCES;DIRECTORY" "" ${ARGN})
  file(GLOB inputs CONFIGURE_DEPENDS ${arg_DIRECTORY}/*.sql)
  list(SORT inputs)
  string(REPLACE ";" "|" joined "${inputs}")
  set(output ${PROJECT_BINARY_DIR}/generated/db/migrate/all_migrations.cc)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DKIND=migrations -DINPUT=${joined} -DSHOWN=db/migrations -DOUTPUT=${output}
            -P ${SNOWFIELD_EMBED_SQL}
    DEPENDS ${inputs} ${SNOWFIELD_EMBED_SQL}
    COMMENT "embed db/migrations"
    VERBATIM)
  set(${arg_OUT_SOURCES} ${output} PARENT_SCOPE)
endfunction()
