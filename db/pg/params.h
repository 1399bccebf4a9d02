// Params: the bound parameters of one statement, in order ($1 first), in binary.
//
//   Params().Id(campaign).Text(name).Time(deadline).Int64s(door_ids)
//
// The statement is prepared with exactly these types. The same statement must always be given the same types: anything
// else is a bug that ends the program. An int8 may fill an int4 column; for enums and domains write `$1::my_type`.
// Values are copied; they never reach a log or an error message.
// Thread safety: one thread at a time.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "db/pg/fields.h"

namespace snowfield::db {

class Params : public Fields<Params> {
 public:
  size_t count() const { return slots_.size(); }
  // All types, for the check that a statement always has the same.
  std::vector<TypeOid> Types() const;
  // The bytes of parameter `index` from 0; nullptr when it is null.
  const char* Value(size_t index) const;
  int Length(size_t index) const { return slots_[index].length; }

 private:
  friend class Fields<Params>;
  struct Slot {
    TypeOid type;
    size_t offset;
    int length;  // -1: null
  };

  std::string& StartField(TypeOid type);
  void EndField();
  void NullField(TypeOid type);

  std::string bytes_;
  std::vector<Slot> slots_;
};

}  // namespace snowfield::db
