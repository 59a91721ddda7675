use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident $code:literal $zh:literal $en:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// All, in order.
            pub const ALL: &[$name] = &[$($name::$variant,)*];

            /// Stable text, as in JSON.
            pub const fn code(self) -> &'static str {
                match self { $($name::$variant => $code,)* }
            }

            /// Chinese name.
            pub const fn name(self) -> &'static str {
                match self { $($name::$variant => $zh,)* }
            }

            /// English name.
            pub const fn name_en(self) -> &'static str {
                match self { $($name::$variant => $en,)* }
            }
        }
    };
}
pub(crate) use words;

words! {
    /// The kinds of evidence (证据种类), the weightiest first.
    ///
    /// Source: practice named in `data/verify/rules-2026.toml`; the weights are data there.
    Kind {
        /// Load of production and treatment lines, ST=44 or imported.
        Electricity "electricity" "用电" "electricity",
        /// What the enterprise declares by marks.
        Marks "marks" "工况标记" "working-condition marks",
        /// Flow times concentration of the online monitor.
        Mass "mass" "在线监测排放量" "mass emission",
        /// Oxygen, temperature, velocity of the flue gas.
        StackPhysics "stack_physics" "烟气状态" "stack physics",
        /// Running states of equipment, SBx-RS.
        Equipment "equipment" "设备状态" "equipment state",
        /// What somebody saw on site.
        Photo "photo" "现场照片" "on-site photo",
    }
}

words! {
    /// A measured quantity that bears witness (证据信号).
    Signal {
        /// kW.
        ProductionPower "production_power" "生产用电" "production power",
        /// kW.
        TreatmentPower "treatment_power" "治理设施用电" "treatment power",
        /// kg/h.
        MassSoot "mass_soot" "烟尘排放量" "soot emission",
        /// kg/h.
        MassSo2 "mass_so2" "二氧化硫排放量" "SO2 emission",
        /// kg/h.
        MassNox "mass_nox" "氮氧化物排放量" "NOx emission",
        /// kg/h.
        MassVocs "mass_vocs" "挥发性有机物排放量" "VOCs emission",
        /// %.
        Oxygen "oxygen" "烟气含氧量" "flue gas oxygen",
        /// °C.
        Temperature "temperature" "烟气温度" "flue gas temperature",
        /// m/s.
        Velocity "velocity" "烟气流速" "flue gas velocity",
    }
}

words! {
    /// What a mark declares of production (申报工况).
    Declared {
        /// Running as usual.
        Running "running" "正常运行" "running",
        /// Starting up.
        Starting "starting" "启动" "starting up",
        /// Shutting down.
        Stopping "stopping" "停运过程" "shutting down",
        /// Stopped.
        Stopped "stopped" "停运" "stopped",
        /// Being maintained.
        Maintenance "maintenance" "检修" "maintenance",
    }
}

words! {
    /// What a piece of equipment is for (设备用途).
    Role {
        /// Production.
        Production "production" "生产" "production",
        /// Treatment of what is emitted.
        Treatment "treatment" "治理" "treatment",
    }
}

impl Signal {
    /// The kind of evidence it is.
    pub const fn kind(self) -> Kind {
        match self {
            Signal::ProductionPower | Signal::TreatmentPower => Kind::Electricity,
            Signal::MassSoot | Signal::MassSo2 | Signal::MassNox | Signal::MassVocs => Kind::Mass,
            Signal::Oxygen | Signal::Temperature | Signal::Velocity => Kind::StackPhysics,
        }
    }

    /// The unit of its values.
    pub const fn unit(self) -> &'static str {
        match self {
            Signal::ProductionPower | Signal::TreatmentPower => "kW",
            Signal::MassSoot | Signal::MassSo2 | Signal::MassNox | Signal::MassVocs => "kg/h",
            Signal::Oxygen => "%",
            Signal::Temperature => "°C",
            Signal::Velocity => "m/s",
        }
    }

    /// Whether it comes from the analyser house of the stack: what casts doubt on one of its values does so on all.
    pub const fn from_stack(self) -> bool {
        !matches!(self.kind(), Kind::Electricity)
    }
}

impl Kind {
    /// Whether an instrument says it. What is only declared or seen can contradict and support, never prove.
    pub const fn measured(self) -> bool {
        matches!(self, Kind::Electricity | Kind::Mass | Kind::StackPhysics)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_what_json_has() {
        for signal in Signal::ALL {
            assert_eq!(serde_json::to_value(signal).unwrap(), signal.code());
        }
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
        }
    }

    #[test]
    fn electricity_weighs_most_and_a_photo_least() {
        assert!(Kind::ALL.is_sorted() && Kind::ALL[0] == Kind::Electricity && Kind::ALL[5] == Kind::Photo);
    }
}
