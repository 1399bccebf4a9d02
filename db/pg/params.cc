#include "db/pg/params.h"

namespace snowfield::db {

std::vector<TypeOid> Params::Types() const {
  std::vector<TypeOid> types;
  types.reserve(slots_.size());
  for (const Slot& slot : slots_) types.push_back(slot.type);
  return types;
}

const char* Params::Value(size_t index) const {
  const Slot& slot = slots_[index];
  return slot.length < 0 ? nullptr : bytes_.data() + slot.offset;
}

std::string& Params::StartField(TypeOid type) {
  slots_.push_back({type, bytes_.size(), 0});
  return bytes_;
}

void Params::EndField() {
  Slot& slot = slots_.back();
  slot.length = static_cast<int>(bytes_.size() - slot.offset);
}

void Params::NullField(TypeOid type) { slots_.push_back({type, bytes_.size(), -1}); }

}  // namespace snowfield::db
